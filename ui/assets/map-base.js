// The map below the city's own: pictures, or vector tiles of the two usual kinds (OpenMapTiles, Protomaps), drawn so
// quietly that what the city shows lies clearly above it. It comes from this server.
const GREEN = [
  "park", "wood", "forest", "grass", "grassland", "garden", "meadow", "nature_reserve", "scrub", "pitch", "cemetery",
  "golf_course", "village_green", "recreation_ground", "playground", "farmland",
];
// OpenMapTiles writes the class of a thing, Protomaps its kind.
const KIND = ["coalesce", ["get", "class"], ["get", "kind"], ""];
const WIDE = ["match", KIND, ["motorway", "trunk", "primary", "highway", "major_road"], 3, ["secondary", "tertiary"], 2, ["path", "rail", "track"], 0.5, 1];
const wide = (more) => ["interpolate", ["exponential", 1.6], ["zoom"], 8, ["+", ["*", WIDE, 0.3], more / 2], 14, ["+", ["*", WIDE, 1.2], more], 18, ["+", ["*", WIDE, 5], more]];

const dark = () => {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
};

const picture = () => {
  const [light, night] = [{ "raster-saturation": -0.35, "raster-opacity": 0.85 }, { "raster-brightness-min": 0.8, "raster-brightness-max": 0.08, "raster-hue-rotate": 180, "raster-saturation": -0.5 }];
  return [{ id: "base", type: "raster", source: "base", paint: dark() ? night : light }];
};

const drawn = (there, colour) => {
  const [water, green, edge, soft, card] = ["info", "ok", "edge", "ink-soft", "card"].map(colour);
  const layer = (id, type, shape, paint, more) => ({
    id: `base-${id}-${type}-${Object.keys(paint).length}`, type, source: "base", "source-layer": id, filter: ["==", "$type", shape], paint, ...more,
  });
  const area = (id, paint, more) => layer(id, "fill", "Polygon", paint, more);
  const line = (id, paint, more) => layer(id, "line", "LineString", paint, more);
  const land = { "fill-color": green, "fill-opacity": ["match", KIND, GREEN, 0.16, 0] };
  const round = { layout: { "line-cap": "round", "line-join": "round" } };
  const ways = (id) => [line(id, { "line-color": edge, "line-opacity": 0.5, "line-width": wide(1.2) }, round), line(id, { "line-color": card, "line-width": wide(0) }, round)];
  const names = (id) => layer(id, "symbol", "LineString", { "text-color": soft, "text-halo-color": card, "text-halo-width": 1.5 }, {
    minzoom: 14, layout: { "symbol-placement": "line", "text-field": ["coalesce", ["get", "name"], ""], "text-size": 11 },
  });
  return [
    ...["landcover", "landuse", "park"].map((id) => area(id, id === "park" ? { "fill-color": green, "fill-opacity": 0.16 } : land)),
    area("water", { "fill-color": water, "fill-opacity": 0.25 }),
    ...["water", "waterway"].map((id) => line(id, { "line-color": water, "line-opacity": 0.25, "line-width": 2 })),
    ...["building", "buildings"].map((id) => area(id, { "fill-color": edge, "fill-opacity": 0.22 }, { minzoom: 13 })),
    ...["transportation", "roads"].flatMap(ways),
    ...["transportation_name", "roads"].map(names),
  ].filter((one) => there.length === 0 || there.includes(one["source-layer"]));
};

/** The source of the map below and its layers, for what the server says of it. */
export const below = ({ tiles, layers, ...about }, colour) => {
  const source = { ...about, tiles: [location.origin + tiles] };
  return layers ? { source: { type: "vector", ...source }, layers: drawn(layers, colour) } : { source: { type: "raster", tileSize: 256, ...source }, layers: picture() };
};
