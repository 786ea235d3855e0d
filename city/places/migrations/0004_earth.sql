-- Where on the globe the plane of the geography touches it, as `latitude,longitude`; null where nobody said it.
alter table places_geography add column origin {text}
