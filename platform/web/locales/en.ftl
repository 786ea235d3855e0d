# The frame: words of every page

web-brand = Lianglin
web-skip = Skip to the content
web-nav = Main sections
web-home = To the front page
web-again = Back to try again
web-sign-in = Sign in
web-sign-out = Sign out
web-waiting = { $count ->
    [one] 1 case waits
   *[other] { $count } cases wait
 }
web-elder-view = Large view
web-usual-view = Usual view
web-display = Display
web-text-size = Text size
web-size-letter = A
web-size-step = Text size { $step } of 5
web-theme = Light or dark
web-theme-system = As system
web-theme-light = Light
web-theme-dark = Dark
web-foot-city = { $city } · Lianglin neighbourhood services
web-foot-call = Questions? Call the public service line
web-foot-call-city = or the city
web-foot-privacy = No tracking, no advertising; data stay within the city’s network.
web-foot-source = Open source under the Apache-2.0 licence.
web-close = Close

web-keys = Keys
web-keys-find = to the search field
web-keys-send = send the form you are in
web-keys-rows = down and up in a list
web-keys-open = open the chosen row
web-keys-tick = tick the chosen row
web-keys-this = show this table

web-problems = { $count ->
    [one] One thing to correct
   *[other] A few things to correct
 }
web-optional = optional
web-either = one of the two
web-password-show = Show the password
web-password-strength = How hard the password is to guess
# Three words with blanks between them: easily guessed, fair, hard to guess.
web-password-words = Weak Fair Strong
web-account = Look under “My account”
web-step-done = (done)
web-step-now = (current step)
web-crumbs = Where you are
web-pages = Pages
web-page-before = Previous page
web-page-after = Next page

web-time-not-started = not started
web-time-stopped = clock stopped
web-time-ended = closed
web-time-late-days = { $days ->
    [one] over by 1 day
   *[other] over by { $days } days
 }
web-time-late-today = over since { $time }
web-time-today-at = today { $time }
web-time-today = today
web-time-tomorrow-at = tomorrow { $time }
web-time-tomorrow = tomorrow
web-time-days-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
 }

web-error-reference = Reference number
web-error-refused-title = This cannot be done now
web-error-not-found-title = Page not found
web-error-not-found-sentence = There is nothing at this address, or it is not yours to see.
web-error-not-found-remedy = Check the address or the number. If somebody sent you the link, ask for the number instead.
web-error-sign-in-title = Please sign in
web-error-sign-in-sentence = This page is for people who have signed in.
web-error-sign-in-remedy = Sign in and try again.
web-error-busy-title = Many people at once
web-error-busy-sentence = What you asked has not been done; the system is busy for the moment.
web-error-busy-remedy = Try again in a few seconds. What you typed is still there when you go back.
web-error-uncertain-title = It is not known whether this was stored
web-error-uncertain-sentence = The system lost its connection while it was storing what you sent. It may be stored, or it may not.
web-error-uncertain-remedy = Go back in a few seconds and send the same form again: what was done already is not done twice.
web-error-unstored-title = Nothing can be stored now
web-error-unstored-sentence = The system cannot store anything for the moment. What you asked has not been done.
web-error-unstored-remedy = Try again in half a minute. What you typed is still there when you go back. If it goes on, tell the staff.
web-error-too-many-title = Too many people just now: wait a few seconds
web-error-too-many-sentence = Too many requests came from the network you use, and this one was not done. Often it is others beside you.
web-error-too-many-remedy = Wait a few seconds and try again. What you typed is still there when you go back.
web-error-too-large-title = Too much at once
web-error-too-large-sentence = What you sent is larger than allowed and was not taken.
web-error-too-large-remedy = What you typed is still there when you go back. Shorten the text, take smaller pictures, or send it in parts.
web-error-late-title = Not everything arrived
web-error-late-sentence = What you sent took too long to arrive and was not taken.
web-error-late-remedy = Check your connection and send it again; make photographs smaller, or send them in parts. What you typed is still there when you go back.
web-error-unreadable-title = This could not be read
web-error-unreadable-sentence = What was sent is incomplete or does not come from one of our forms. Nothing was taken.
web-error-unreadable-remedy = Go back, reload the page and fill in the form again.
web-error-forged-title = Reload the page and send again
web-error-forged-sentence = We could not make sure that this form was sent from our own page. For your safety nothing was done.
web-error-forged-remedy = Go back, reload the page and send the form once more. If you did not fill in a form, there is nothing to do.
web-error-method-title = This address is not used that way
web-error-method-sentence = This address only takes what is sent from a form.
web-error-method-remedy = Start from the front page.
web-error-failed-title = Something broke
web-error-failed-sentence = This is our fault, not yours. What we had already accepted is not lost.
web-error-failed-remedy = Try again later. If it happens again, tell the staff the reference number below.

web-work-share = { $percent }% done
web-work-leave = You may leave this page; the answer will be here when it is ready.
web-work-still = Do not reload by itself
web-work-stop = Call it off

web-find-all = Find items, numbers and places
web-find-what = Item, number or community
web-find-send = Find
web-find-crumb = Find
web-foot-nav = Public information and help
web-foot-seen = What residents see:

web-heading-affairs = Services
web-heading-report = Report
web-heading-mine = My matters
web-heading-nearby = Nearby
web-heading-foot = Front page
web-heading-window = Counter
web-heading-today = Today
web-heading-tasks = To do
web-heading-community = Community
web-heading-find = Search
web-heading-unit = My unit
web-heading-overview = Overview
web-heading-supervise = Supervise
web-heading-map = Map
web-heading-topics = Topics
web-heading-work = My work
