# The overview: where everybody starts and finds things

overview-on-duty = staff on duty
overview-day-title = Today
overview-day-none = Nothing is planned for today
overview-day-none-next = No appointments, no visits, and no case waits.
overview-to-work = All that I may do
overview-lanes = Waiting for you
overview-services = More that you can do
overview-services-none = Nothing for you here yet
overview-services-none-next = Your post has no work of this kind.

overview-find-title = Find
overview-find-for = Find “{ $words }”
overview-find-lead = Write an item, a number, a community or a station into the field above.
overview-find-none = Nothing found
overview-find-none-next = Say it another way, or write all digits of the number.
overview-find-items = All items
overview-find-persons = Nobody is found here by name or identity number. To see an applicant’s data, find the case first and open them there with a purpose.

overview-mine-lead = What is your own: progress, appointments, account, and the help that you offer.
overview-mine-cases = Your cases
overview-mine-drafts = Forms not finished
overview-mine-drafts-text = Press “Save and go on later” and you get a link. Open it to go on.
overview-mine-account = Do you need an account
overview-mine-account-text = You can apply without one and follow by number and telephone. With an account all that you applied for is listed.
overview-mine-account-open = Open an account

overview-community-lead = The page of your community and the work in it.
overview-unit-lead = The page of your unit, and who has how much in hand.
overview-topics-lead = What needs an eye beside cases.
overview-work-lead = Everything you can do today.
overview-tiles-none = No figures to see yet.
overview-tiles-note = Open a number to see what it counts.

overview-map-title = Open and late
overview-map-of = Open and late cases in the places of { $name }
overview-map-area = { $name }: { $open } open, { $late } late
overview-map-none = nothing open
overview-map-well = nothing late
overview-map-some = up to a tenth late
overview-map-much = more than a tenth late
overview-map-place = Place
overview-map-open = Open
overview-map-late = Late
overview-map-soon = Due soon
overview-map-own = Offices of this level
overview-map-no-ground = No buildings are laid here yet; see the list below.
overview-map-invented = The buildings on the map are demonstration data.
overview-map-quiet = Places with nothing open ({ $count })
overview-map-nothing-below = No places below

overview-report-title = Report a problem
overview-report-lead = Reporting online is being built. Until then this is the quickest way.
overview-report-now = Danger right now
overview-report-police = Police
overview-report-fire = Fire, rescue, gas leaks
overview-report-ambulance = Ambulance
overview-report-traffic = Traffic accidents
overview-report-hotlines = Not an emergency
overview-report-city = The city’s service line, also when you do not know who is responsible
overview-report-power = Power cuts and electrical faults
overview-report-law = Legal advice
overview-report-homes = Gas and water
overview-report-gas = You smell gas: close the valve, open windows, switch nothing on, go outside and call the repair number on your gas bill; with open fire or injured people call 119 and 120.
overview-report-water = No water or a leak: call the number on your water bill, or 12345.
overview-report-community = Your community
overview-report-no-telephone = Telephone not registered yet
overview-report-find = Find your community under “Nearby” to see its telephone, address and hours.
overview-report-to-nearby = Find my community
overview-report-case = A case that is under way
overview-report-case-text = If you are not content with how it goes, write to the office on the page of your case, or rate it.
overview-report-to-follow = Track a case

overview-privacy = Privacy
overview-privacy-for = What is collected, who sees it, how to correct and erase it
overview-privacy-lead = Only what the matter needs is collected, and it is destroyed when its time is over.
overview-privacy-what = What is collected
overview-privacy-what-text = Name, identity number, telephone and papers, only when you apply. They are sealed, stay with that matter, and are in no search and no log.
overview-privacy-who = Who sees it
overview-privacy-who-text = Whoever opens your data states a purpose. Each look is recorded, and you see on the page of your case who looked, when and why.
overview-privacy-rights = Your rights
overview-privacy-rights-text = You can ask for a copy of your data, and to have them corrected or erased.
overview-privacy-device = What stays on your device
overview-privacy-device-text = Your choice of text size and language; your community only if you choose to have it remembered. No tracking, no advertising; data stay within the city’s network.

overview-help = Help
overview-help-for = How to apply, follow a case, find somebody
overview-help-apply = How to get something done
overview-help-apply-text = Find the item, see what to bring and how long it takes, apply online or at any community counter of the city.
overview-help-follow = How to see how far it is
overview-help-follow-text = With the number on the receipt and your telephone number.
overview-help-person = To ask somebody in person
overview-help-person-text = Address, telephone and hours of the community’s centre.
overview-help-read = Hard to read
overview-help-read-text = “Large view”, “Display” and “中文” stand at the top of each page. Each page prints and works by keyboard alone.
overview-help-urgent = Urgent matters
overview-help-urgent-text = Which number to call.

overview-contact = Contact
overview-contact-for = Which number to call with a question
