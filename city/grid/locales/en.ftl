# Reports: a resident says it once; it is looked at, put right, checked and answered
grid-nav-report = Report a problem
grid-nav-report-for = A street light, a manhole cover, rubbish, noise: one sentence is enough, no account needed
grid-nav-near = Reported near here
grid-nav-near-for = What others reported in your community, and whether it is done
grid-report-title = Report a problem
grid-field-what = What is wrong
grid-what-hint = In your own words, such as: street light out, manhole cover gone, rubbish not collected
grid-field-where = Where
grid-where-hint = Write the name of the compound, community or street
grid-field-kind = What kind of problem
grid-field-any = Choose from all kinds
grid-any-summary = None of these? Choose from all kinds
grid-any-none = Please choose
grid-field-at = Place
grid-field-words = Anything to add
grid-words-hint = Optional. For example the entrance and floor, or since when. Leave out names and telephone numbers of others.
grid-field-telephone = Your telephone
grid-telephone-hint = Optional. If you give it, we tell you when it is done.
grid-field-called = I have called
grid-hidden = Do not show this report to others
grid-hidden-hint = Others only ever see what it is, in which community, and whether it is done. They never see who reported it.
grid-kinds-none = “{ $words }” was not understood. Choose from all kinds, or go back and put it differently.
grid-look-again = Look again
grid-go-on = Next
grid-back = Back
grid-send = Send
grid-danger = If somebody is hurt, if there is fire or a smell of gas, call 120, 119 or 110 first.
grid-stop = Call first.
grid-stop-call = Call { $number }
grid-near-known = Somebody reported this nearby. Is it the same?
grid-near-new = It is not the same: report it
grid-join = It is the same, I met with it too
grid-met = { $n ->
    [one] { $n } person met with it
   *[other] { $n } people met with it
}
grid-joined-title = You are counted
grid-joined-met = Met with it
grid-joined-text = The same thing is put right once. How it goes stands under “Reported near here”.
grid-near-none = Nothing was reported here yet
grid-near-none-text = If something is broken or wrong, one sentence is enough.
grid-near-where = Which community are you in?
grid-near-where-text = Choose a community to see what was reported there.
grid-near-choose = Choose my community
grid-state-open = In progress
grid-state-done = Finished
grid-fact-code = Kind
grid-fact-when = Problem
grid-fact-closes = Counts as done when
grid-fact-words = The reporter says

# Open311
grid-open311-condition = What is the matter
grid-open311-external = Your own number. Sent again with the same number it is the same report.
grid-open311-notice = Received. Somebody looks at it first. If it is there, it is put right by { $due }.

# Reports that other platforms put right
grid-nav-forward = Forwarded reports
grid-nav-forward-for = Reports that other platforms put right: whether they arrived, and how they stand
grid-forward-title = Forwarded reports
grid-forward-what = Reports that went to another platform (Open311) when they were sent out. What is not taken is sent again; after a long while it stops here and waits for somebody.
grid-forward-none = No report was forwarded yet
grid-forward-none-yet = Reports of kinds that another platform puts right appear here once they are sent out.
grid-forward-no-peer = No other platform is registered. To forward reports, register one in data/open311.toml.
grid-forward-number = Number
grid-forward-peer = Platform
grid-forward-at = Sent out
grid-forward-attempts = Attempts
grid-forward-state = State
grid-forward-again = Send again
grid-forward-again-one = Send { $number } again
grid-forward-again-done = It is being sent again.
grid-forward-waiting = On its way
grid-forward-taken = Taken there
grid-forward-closed = Done there
grid-forward-given-up = Not delivered
grid-forward-foreign = Number there: { $number }
grid-forward-failed = Reports that other platforms did not take
