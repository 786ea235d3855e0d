# The frame: words of every page

web-brand = Lianglin
web-skip = Skip to main content
web-nav = Main sections
web-home = Home
web-again = Go back and try again
web-sign-in = Sign in
web-sign-out = Sign out
web-waiting = { $count } to do
web-elder-view = Large view
web-usual-view = Standard view
web-display = Display
web-text-size = Text size
web-size-letter = A
web-size-step = Text size { $step } of 5
web-theme = Light or dark
web-theme-system = Same as device
web-theme-light = Light
web-theme-dark = Dark
web-foot-city = { $city } · Lianglin neighbourhood services
web-foot-privacy = No tracking, no ads. Your data never leaves the city’s network.
web-foot-call = Questions? Call the public service line
web-foot-call-city = or the city
web-foot-source = Open source under the Apache-2.0 licence.
web-field-other = something else
web-close = Close

web-keys = Keyboard shortcuts
web-keys-find = go to the search box
web-keys-send = send the form
web-keys-rows = move down and up a list
web-keys-open = open the selected row
web-keys-letter = Press the button that shows this letter (such as “I take it”)
web-keys-tick = tick the selected row
web-keys-this = show these shortcuts

web-problems = { $count ->
    [one] Please correct one thing
   *[other] Please correct a few things
 }
web-optional = optional
web-either = either of the two is enough
web-password-show = Show the password
web-password-strength = Password strength
# Three words with blanks between them: easily guessed, fair, hard to guess.
web-password-words = Weak Fair Strong
web-account = Go to “My account”
web-step-done = (done)
web-step-now = (current step)
web-crumbs = You are here
web-pages = Pages
web-page-before = Previous page
web-page-after = Next page

web-time-not-started = not started yet
web-time-stopped = clock stopped
web-time-late-days = { $days ->
    [one] 1 day late
   *[other] { $days } days late
 }
web-time-late-minutes = { $n ->
    [one] 1 minute late
   *[other] { $n } minutes late
 }
web-time-late-hours = { $n ->
    [one] 1 hour late
   *[other] { $n } hours late
 }
web-time-today-at = today { $time }
web-time-today-before = by { $time } today
web-time-today = today
web-time-tomorrow-at = tomorrow { $time }
web-time-tomorrow-before = by { $time } tomorrow
web-time-tomorrow = tomorrow
web-time-by = by { $when }
web-time-days-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
 }

web-error-reference = Reference
web-error-refused-title = This can’t be done now
web-error-post-title = This page is not for your post
web-error-post-page = This page is “{ $page }”.
web-error-post-ask = Posts that may see this page or take this step: { $posts }. If you need it once, ask one of them. If your work needs it, ask your unit’s administrator to change your post.
web-error-post-more = { $posts } and others
web-error-post-back = Back to the page before
web-error-not-found-title = Page not found
web-error-not-found-sentence = There is nothing at this address, or you may not see it.
web-error-not-found-remedy = Check the address or the number. If somebody sent you the link, ask for the number instead.
web-error-sign-in-title = Please sign in
web-error-sign-in-sentence = You need to sign in to see this page.
web-error-sign-in-remedy = Sign in and try again.
web-error-busy-title = We’re busy right now
web-error-busy-sentence = Nothing was done yet: too many people are using the system at once.
web-error-busy-remedy = Try again in a few seconds. What you typed is still there when you go back.
web-error-uncertain-title = We don’t know whether this was saved
web-error-uncertain-sentence = The connection broke while we were saving. What you sent may be saved, or it may not.
web-error-uncertain-remedy = Go back in a few seconds and send the same form again. Nothing will be done twice.
web-error-unstored-title = We can’t save anything right now
web-error-unstored-sentence = The system can’t save at the moment. Nothing was done.
web-error-unstored-remedy = Try again in half a minute. What you typed is still there when you go back. If it keeps happening, tell the staff.
web-error-too-many-title = Too many people just now. Please wait a few seconds
web-error-too-many-sentence = Too many requests came from your network, so this one was not done. It is often other people, not you.
web-error-too-many-remedy = Wait a few seconds and try again. What you typed is still there when you go back.
web-error-too-large-title = That’s too much at once
web-error-too-large-sentence = What you sent is over the size limit, so we didn’t take it.
web-error-too-large-remedy = What you typed is still there when you go back. Shorten the text, use smaller photos, or send it in parts.
web-error-late-title = Not everything arrived
web-error-late-sentence = What you sent took too long to arrive, so we didn’t take it.
web-error-late-remedy = Check your connection and send it again. Use smaller photos, or send them in parts. What you typed is still there when you go back.
web-error-unreadable-title = We couldn’t read that
web-error-unreadable-sentence = What you sent is incomplete or didn’t come from one of our forms, so we didn’t take it.
web-error-unreadable-remedy = Go back, reload the page and fill in the form again.
web-error-forged-title = Reload the page and send it again
web-error-forged-sentence = We couldn’t be sure this form came from our own page. To keep you safe, nothing was done.
web-error-forged-remedy = Go back, reload the page and send the form once more. If you didn’t fill in a form, you don’t need to do anything.
web-error-method-title = This address can’t be opened
web-error-method-sentence = It only takes what a form sends.
web-error-method-remedy = Start from the home page.
web-error-failed-title = Something went wrong
web-error-failed-sentence = This is our fault, not yours. Nothing we had already taken is lost.
web-error-failed-remedy = Try again later. If it happens again, give the staff the reference below.

web-work-share = { $percent }% done
web-work-leave = You can leave this page. The result will be here when it’s ready.
web-work-still = Stop refreshing this page
web-work-stop = Cancel
web-lanes-idle = { $n ->
    [one] 1 more kind of work, in which nothing waits now
   *[other] { $n } more kinds of work, in which nothing waits now
 }

web-find-all = Search items, numbers and places
web-find-what = Item or number
web-find-send = Search
web-found-pages = You can do it here
web-find-crumb = Search
web-foot-nav = Public information and help
web-foot-seen = What residents see:

web-heading-affairs = Services
web-heading-report = Report
web-heading-mine = My page
web-heading-nearby = Nearby
web-heading-foot = Home
web-heading-window = Counter
web-heading-today = Today
web-heading-tasks = To do
web-heading-community = Community
web-heading-find = Find a case
web-heading-unit = My unit
web-heading-overview = Overview
web-heading-supervise = Supervise
web-heading-map = Map
web-heading-topics = Topics
web-heading-work = My work
