// The map that can be zoomed. Its library is large and comes only when somebody opens the map; the page says the same
// without it. Everything comes from this server, and the words are drawn with the fonts of the device. Where a field
// asks for a place, a point of the map is written into it.
const block = document.querySelector("[data-map]");
const BASE = ["places", "grids", "compounds", "buildings", "names"];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// Over the map of somebody else the city's areas let it be seen.
const base = (under) => {
  const [ink, soft, line, card, wash, edge] = ["ink", "ink-soft", "line", "card", "wash", "edge"].map(colour);
  const label = (of, size) => ({
    id: `names-${of}`, type: "symbol", source: "city", "source-layer": "names", filter: ["==", ["get", "of"], of],
    layout: { "text-field": ["get", "name"], "text-size": size },
    paint: { "text-color": ink, "text-halo-color": card, "text-halo-width": 1.5 },
  });
  const layer = (id, type, paint) => ({ id: `${id}-${type}`, type, source: "city", "source-layer": id, paint });
  return [
    { id: "ground", type: "background", paint: { "background-color": under ? wash : card } },
    ...(under ? under.layers : []),
    layer("places", "fill", { "fill-color": wash, "fill-opacity": under ? 0.25 : 0.8 }),
    layer("places", "line", { "line-color": edge, "line-width": 1.5 }),
    layer("compounds", "fill", { "fill-color": line, "fill-opacity": under ? 0.35 : 0.5 }),
    layer("grids", "line", { "line-color": soft, "line-dasharray": [3, 2] }),
    layer("buildings", "circle", { "circle-color": soft, "circle-radius": 3 }),
    label("places", 14),
    label("compounds", 11),
  ];
};

const things = (id, number) => {
  const paint = {
    "circle-color": colour(["info", "late", "ok"][number % 3]),
    "circle-stroke-color": colour("card"),
    "circle-stroke-width": 2,
    "circle-radius": ["interpolate", ["linear"], ["get", "count"], 1, 8, 10, 13, 100, 18, 1000, 24],
  };
  const count = { "text-field": ["case", [">", ["get", "count"], 1], ["to-string", ["get", "count"]], ""], "text-size": 12, "text-allow-overlap": true };
  return [
    { id, type: "circle", source: "city", "source-layer": id, paint },
    { id: `${id}-count`, type: "symbol", source: "city", "source-layer": id, layout: count, paint: { "text-color": colour("card") } },
  ];
};

const lower = async () => {
  const { base: about, style } = block.dataset;
  return about ? (await import(style)).below(JSON.parse(about), colour) : null;
};

/** Styles that a page without a map need not load. */
const styled = (href) => new Promise((onload, onerror) => {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload, onerror }));
});

/** From this zoom on one street can be told from the next. */
const NEAR = 14;

/**
 * A point of the map, the one that is pressed or its middle, is written into the field, where it can be seen and changed. Where
 * the map knows the compound, its name is written, and the point goes along unseen until somebody writes something else.
 * While the map is too far away to mean a street, a press only brings it nearer.
 */
const point = (map, library) => {
  const { told, nearer } = block.dataset;
  const say = (text) => { block.querySelector("[role=status]").textContent = text; };
  const field = document.querySelector(block.dataset.field);
  const mark = new library.Marker();
  const unseen = Object.assign(document.createElement("input"), { type: "hidden", name: "at" });
  const take = (at) => {
    const { lng, lat } = at;
    if (map.getZoom() < NEAR) {
      map.easeTo({ center: at, zoom: Math.min(map.getZoom() + 3, NEAR) });
      say(nearer);
      return;
    }
    mark.setLngLat([lng, lat]).addTo(map);
    const words = `${lat.toFixed(6)},${lng.toFixed(6)}`;
    const [compound] = map.queryRenderedFeatures(map.project(at), { layers: ["compounds-fill"] });
    const name = compound?.properties.name;
    field.value = name || words;
    unseen.value = `g:${words}`;
    if (name) field.form.append(unseen);
    else unseen.remove();
    say(told);
  };
  field.addEventListener("input", () => unseen.remove());
  map.on("click", (event) => take(event.lngLat));
  const middle = block.querySelector("[data-middle]");
  middle.addEventListener("click", () => take(map.getCenter()));
  middle.parentElement.hidden = false;
};

const open = async () => {
  const { map: address, library: name, styles, bounds } = block.dataset;
  const sheets = (styles ?? "").split(" ").filter(Boolean).map(styled);
  const [about, library, under] = await Promise.all([fetch(address).then((answer) => answer.json()), import(name), lower(), ...sheets]);
  library.setWorkerUrl(new URL(block.dataset.worker, location).href);
  const [west, south, east, north] = bounds ? bounds.split(",").map(Number) : about.bounds;
  const ids = about.vector_layers.map((layer) => layer.id).filter((id) => !BASE.includes(id));
  const city = { type: "vector", tiles: about.tiles.map((tile) => location.origin + tile), minzoom: about.minzoom, maxzoom: about.maxzoom, bounds: about.bounds };
  const map = new library.Map({
    container: block.querySelector("[data-canvas]"),
    style: { version: 8, sources: { city, ...(under && { base: under.source }) }, layers: [...base(under), ...ids.flatMap(things)] },
    bounds: [[west, south], [east, north]],
    fitBoundsOptions: { padding: 20 },
    minZoom: about.minzoom,
    maxZoom: 19,
    dragRotate: false,
    attributionControl: false,
    locale: JSON.parse(block.dataset.words),
  });
  map.addControl(new library.NavigationControl({ showCompass: false }));
  // A square of the map below that does not come is missing; the city's own map goes on.
  if (under) map.on("error", () => {});
  map.on("idle", () => { block.dataset.drawn = "1"; });
  if (block.dataset.field) {
    point(map, library);
    return;
  }
  // What is one thing opens its page; what are many comes nearer. A place opens where nothing lies on it.
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ids });
    if (found && found.properties.count > 1) map.easeTo({ center: found.geometry.coordinates, zoom: map.getZoom() + 2 });
    else if (found && found.properties.href) location.assign(found.properties.href);
  });
  const said = new library.Popup({ closeButton: false, closeOnClick: false });
  map.on("mousemove", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ids });
    map.getCanvas().style.cursor = found ? "pointer" : "";
    if (found && found.properties.name) said.setLngLat(event.lngLat).setText(found.properties.name).addTo(map);
    else said.remove();
  });
};

if (block) {
  block.hidden = false;
  block.addEventListener("toggle", () => {
    if (!block.open || block.dataset.begun) return;
    block.dataset.begun = "1";
    open().catch(() => { block.querySelector("[data-canvas]").textContent = block.dataset.failed; });
  });
}
