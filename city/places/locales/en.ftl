# Places: the four levels, grids and units

places-nav = Places
places-nav-review = Review of divisions
places-title = City, districts, streets, communities
places-lead = Which place belongs where, which units it has, and what it was called before.
places-search = Find a place
places-search-hint = A name, its pinyin or its initials, or a division code, such as “wenanlu” or “wal”.
places-find = Find
places-on = Divisions of which day
places-on-show = Show that day
places-days = Divisions are known from { $first } to { $last }; after that the last edition holds.
places-past = These are the divisions of { $date }.
places-today = See today’s
places-no-map = No divisions are known for that day
places-none = No divisions were imported yet
places-none-help = Ask the operator to import them with lianglin places import.
places-counts = { $districts } districts and counties, { $streets } streets and townships, { $communities } communities and villages.
places-below = { $count } below
places-open = Open { $name }
places-found = { $count } found for “{ $words }”
places-not-found = Nothing found for “{ $words }”
places-not-found-help = Try it another way: fewer letters, or the initials.
places-all = See all
places-english-note = The English name is made from pinyin, for display.
places-ended = This place ended on { $date } or became part of another. Below is what was last known.
places-not-yet = On { $date } this place did not exist. Below is what is known.
places-children = Inside
places-children-none = Nothing below
places-units = Units
places-units-none = No units registered yet
places-unit-address = Address
places-unit-telephone = Telephone
places-unit-hours = Open
places-unit-edit = Change how it is reached
places-unit-save = Save
places-unit-items = { $count ->
    [one] Decides one item
   *[other] Decides { $count } items
}
places-on-duty = On duty
places-on-duty-none = Nobody is registered on duty
places-history = History
places-history-none = No change since it is known.
places-codes = Division codes
places-names = Names
places-parents = Belonged to
places-since = since { $from }
places-from-until = from { $from } until { $until }
places-former = a place that ended

places-column-code = Division code
places-column-name = Name
places-column-english = English name (pinyin)
places-column-level = Level
places-column-kind = Kind
places-column-chain = Lies in
places-column-below = Inside

places-level-city = City
places-level-district = District
places-level-street = Street
places-level-community = Community
places-level-grid = Grid
places-level-building = Building

places-kind-city = City
places-kind-district = District
places-kind-county = County
places-kind-county-city = County-level city
places-kind-street = Street
places-kind-town = Town
places-kind-township = Township
places-kind-township-like = Unit treated like a township
places-kind-residents = Community (residents’ committee)
places-kind-villagers = Village (villagers’ committee)
places-kind-residents-like = Unit treated like a community
places-kind-villagers-like = Unit treated like a village
places-kind-grid = Grid
places-kind-building = Building

places-change-created = Set up: { $after }
places-change-renamed = “{ $before }” was renamed “{ $after }”
places-change-recoded = Code changed from { $before } to { $after }
places-change-transferred = Transferred; it belonged to
places-change-merged-into = Ended and became part of
places-change-merged-into-here = “{ $before }” became part of it:
places-change-split-from = “{ $after }” was split from
places-change-split-from-here = “{ $after }” was split from it:
places-change-abolished = Ended: { $before }
places-change-opened = Drawn: { $after }

places-certainty-certain = shown by the editions
places-certainty-probable = likely by names and neighbours
places-certainty-decided = decided by a person

places-doubt-same-code = The same code, quite another name
places-doubt-alike-name = Alike names in the same street
places-doubt-same-name-elsewhere = The same name, but elsewhere or borne by several

places-review-title = Changes of divisions to review
places-review-lead = What an import could not tell, a person decides: are these two the same place?
places-review-open = To review
places-review-decided = Decided
places-review-none = Nothing to review
places-review-none-help = After the import of a new edition, what is not clear is listed here.
places-review-before = The one before
places-review-after = The new one
places-review-why = Why it is not clear
places-review-answer = The same?
places-review-same = The same
places-review-other = Not the same
places-review-done = Noted.
places-review-was-same = the same ({ $name })
places-review-was-other = not the same ({ $name })
