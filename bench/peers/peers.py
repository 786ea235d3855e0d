#!/usr/bin/env python3
"""Libraries beside the planners. usage: peers.py PEER FOLDER [K]

Prints one line of JSON for each run; the time is the processor time of the library's own call, graph building left out. A
peer that is not installed, or that would take many minutes on so large a city, says so and ends with status 3.
"""
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.metadata import version

PEER, FOLDER = sys.argv[1], sys.argv[2]
warnings.simplefilter("ignore")
HOME, SHORT, LIMIT = 50_000, 200_000, 9_000

try:
    import numpy as np
except ImportError:
    sys.exit(3)


def table(name):
    with open(f"{FOLDER}/{name}.csv") as file:
        rows = csv.reader(file)
        head = next(rows)
        columns = list(zip(*rows))
    return {key: np.array(values, dtype=float) for key, values in zip(head, columns)}


def whole(column):
    return column.astype(np.int64)


def say(who, problem, seconds, objective, **more):
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({"who": who, "problem": problem, "cpu": seconds, "peak_mib": peak, "objective": objective, **more}), flush=True)


def only_up_to(count, most, what):
    if count > most:
        print(f"{PEER} is left out: {count} {what} take it many minutes", file=sys.stderr)
        sys.exit(3)


def timed(work, runs=3):
    for _ in range(runs):
        before = time.process_time()
        found = work()
        yield time.process_time() - before, found


def pairs():
    raw = np.fromfile(f"{FOLDER}/pairs.bin", dtype="<u4").reshape(-1, 3).astype(np.int64)
    return raw[:, 0], raw[:, 1], raw[:, 2]


def flow(slots=False):
    """Arcs of the mobilisation as a flow: from, to, cost, room; the supplies; what the cost is off by; the walk of each pair, -1 for other arcs."""
    compounds, volunteers = table("compounds"), table("volunteers")
    least, most = whole(compounds["min_vol"]), whole(compounds["max_vol"])
    people, sites = len(volunteers["id"]), len(least)
    one, site, walk = pairs()
    end = people + (5 if slots else 1) * sites
    compound, levels, wanted, parts = end - sites + np.arange(sites), 1, int(least.sum()), []

    def arcs(start, stop, cost, room, walks=-1):
        parts.append(np.array(np.broadcast_arrays(start, stop, cost, room, walks), dtype=np.int64))

    if slots:
        skills, shifts, doctors = whole(volunteers["skills"]), whole(volunteers["shifts"]), whole(compounds["min_medical"])
        levels = 2
        for kind in range(4):
            low, high = (least // 4, (most + 1) // 2) if kind < 3 else (doctors, doctors)
            able = shifts >> kind & 1 if kind < 3 else skills & shifts & 1
            slot = people + 4 * np.arange(sites) + kind
            may = (able[one] == 1) & (high[site] > 0)
            arcs(one[may], slot[site[may]], walk[may], 1, walk[may])
            arcs(slot, compound, 0, low)
            arcs(slot, compound, SHORT, high - low)
            wanted += int(low.sum())
    else:
        arcs(one, compound[site], walk, 1, walk)
    # Staying at home is a way past every least, so that all people flow.
    arcs(np.arange(people), end, HOME + levels * SHORT, 1)
    arcs(compound, end, 0, least)
    arcs(compound, end, SHORT, most - least)
    start, stop, price, room, walks = np.concatenate(parts, axis=1)
    supply = np.zeros(end + 1, np.int64)
    supply[:people], supply[end] = 1, -people
    order = np.lexsort((price, stop, start))
    off = SHORT * wanted - levels * SHORT * people
    return start[order], stop[order], price[order], room[order], supply, off, walks[order]


def ortools_flow(start, stop, price, room, supply):
    """The processor time of the call that solves, and the cost of the best flow."""
    from ortools.graph.python import min_cost_flow
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(start, stop, room, price)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    before = time.process_time()
    status = solver.solve()
    seconds = time.process_time() - before
    if status != solver.OPTIMAL:
        sys.exit(f"OR-tools ends with {status}")
    return seconds, solver.optimal_cost()


def ortools(slots=False):
    if slots:
        only_up_to(len(pairs()[0]), 4_000_000, "pairs")
    start, stop, price, room, supply, off, _ = flow(slots)
    for _ in range(2):
        seconds, cost = ortools_flow(start, stop, price, room, supply)
        say(f"OR-tools {version('ortools')}", "slots" if slots else "mobilize", seconds, cost + off)


def fair(slots=False):
    """The shortest limit of walks at which failings cost no more than with all walks, then the least walking within it."""
    only_up_to(len(pairs()[0]), 4_000_000, "pairs")
    start, stop, price, room, supply, off, walk = flow(slots)
    spent = []

    def least(limit, cost):
        kept = walk <= limit
        seconds, found = ortools_flow(start[kept], stop[kept], cost[kept], room[kept], supply)
        spent.append(seconds)
        return found + off

    failings, walks = np.where(walk >= 0, 0, price), np.unique(walk[walk >= 0])
    wanted = least(walks[-1], failings)
    low, high = 0, len(walks) - 1
    while low < high:
        middle = (low + high) // 2
        if least(walks[middle], failings) > wanted:
            low = middle + 1
        else:
            high = middle
    objective, longest = least(walks[low], price), int(walks[low])
    problem, note = "fair-slots" if slots else "fair", f"longest walk {longest} ds, {len(spent)} flows"
    say(f"OR-tools {version('ortools')}", problem, sum(spent), objective, longest=longest, note=note)


def pylmcf():
    import pylmcf
    start, stop, price, room, supply, off, _ = flow()
    graph = pylmcf.Graph(len(supply), start.astype(np.int32), stop.astype(np.int32))
    graph.set_node_supply(supply)
    graph.set_edge_capacities(room)
    graph.set_edge_costs(price)
    before = time.process_time()
    graph.solve()
    say(f"pylmcf {version('pylmcf')}", "mobilize", time.process_time() - before, int(graph.total_cost()) + off)
    # One volunteer in a hundred walks other ways: his times change place among themselves.
    chance = np.random.Generator(np.random.PCG64(7))
    people = int((supply > 0).sum())
    changed = price.copy()
    for volunteer in chance.choice(people, max(1, people // 100), replace=False):
        at = np.flatnonzero((start == volunteer) & (stop < len(supply) - 1))
        changed[at] = chance.permutation(changed[at])
    graph.set_edge_costs(changed)
    before = time.process_time()
    graph.solve()
    seconds, cost = time.process_time() - before, int(graph.total_cost()) + off
    say(f"pylmcf {version('pylmcf')}, warm", "mobilize 1 %", seconds, None, note=f"another change, {cost}")


def scipy():
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra
    edges, nodes = table("edges"), len(table("nodes")["id"])
    graph = csr_matrix((edges["t_ds"], (whole(edges["dst"]), whole(edges["src"]))), shape=(nodes, nodes))
    stations, buildings = whole(table("stations")["node"]), table("buildings")
    for seconds, times in timed(lambda: dijkstra(graph, indices=stations, min_only=True, limit=LIMIT), 5):
        reached = times[whole(buildings["node"])] + buildings["access_ds"] <= LIMIT
        say(f"scipy {version('scipy')} dijkstra, limit", "reach", seconds, int(buildings["households"][reached].sum()))


def pandana():
    """Contracts the network first: that time is told in the note, and counts for each new network."""
    import pandana
    import pandas as pd
    edges, nodes, buildings = table("edges"), table("nodes"), table("buildings")
    only_up_to(len(nodes["id"]), 500_000, "nodes")
    x, y = pd.Series(nodes["x"]), pd.Series(nodes["y"])
    before = time.process_time()
    network = pandana.Network(x, y, pd.Series(whole(edges["src"])), pd.Series(whole(edges["dst"])), pd.DataFrame({"t": edges["t_ds"]}), twoway=False)
    prepared = time.process_time() - before
    stations = whole(table("stations")["node"])
    # Beyond the limit it answers with the limit itself.
    network.set_pois("stations", LIMIT + 1, 1, x[stations], y[stations])
    for seconds, found in timed(lambda: network.nearest_pois(LIMIT + 1, "stations", num_pois=1)):
        times = found.iloc[:, 0].to_numpy()
        reached = times[whole(buildings["node"])] + buildings["access_ds"] <= LIMIT
        covered = int(buildings["households"][reached].sum())
        say(f"pandana {version('pandana')}", "reach", seconds, covered, note=f"contracting {prepared:.1f} s before")


PGROUTING = """
create extension postgis; create extension pgrouting;
create table given(src int, dst int, t_ds int, cls int); copy given from '{folder}/edges.csv' csv header;
create table ways as select row_number() over () id, dst source, src target, t_ds::float8 as cost from given;
create index on ways(source); create index on ways(target); analyze ways;
create table stations(id int, node int); copy stations from '{folder}/stations.csv' csv header;
"""
PGROUTING_RUN = """
\\pset tuples_only on
\\pset format unaligned
select split_part(pg_read_file('/proc/self/schedstat'), ' ', 1);
create temp table reached as select node, min(agg_cost) as ds from pgr_drivingDistance(
  'select id, source, target, cost from ways', (select array_agg(node) from stations), {limit}, true, true) group by node;
select split_part(pg_read_file('/proc/self/schedstat'), ' ', 1);
select extversion from pg_extension where extname = 'pgrouting';
select substring(pg_read_file('/proc/self/status') from 'VmHWM:\\s+([0-9]+)');
copy (select node, ds::int from reached) to '{folder}/reached.csv' csv;
drop table reached;
"""


def pgrouting():
    """A private cluster on a socket; the processor time is that of the connection's own process."""
    if not shutil.which("pg_config"):
        raise ImportError("pg_config")
    programs = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.exists(f"{programs}/initdb") or not shutil.which("psql"):
        raise ImportError("PostgreSQL's server programs")
    buildings, nodes = table("buildings"), len(table("nodes")["id"])
    only_up_to(nodes, 500_000, "nodes")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("edges", "stations"):
            shutil.copy(f"{FOLDER}/{name}.csv", folder)
        alone = []
        if os.geteuid() == 0:
            alone = ["runuser", "-u", "postgres", "--"]
            subprocess.run(["chown", "-R", "postgres", folder], check=True)

        def run(*command, **more):
            return subprocess.run([*alone, *command], capture_output=True, text=True, cwd=folder, **more)

        def sql(text):
            told = run("psql", "-X", "-q", "-h", folder, "-d", "postgres", "-v", "ON_ERROR_STOP=1", input=text)
            if told.returncode:
                raise ImportError(told.stderr)
            return told.stdout.split()

        run(f"{programs}/initdb", "-D", "data", "-A", "trust", "--no-sync", check=True)
        run(f"{programs}/pg_ctl", "-D", "data", "-w", "-l", "log", "start", "-o",
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_parallel_workers_per_gather=0", check=True)
        try:
            sql(PGROUTING.format(folder=folder))
            for _ in range(2):
                before, after, release, peak = sql(PGROUTING_RUN.format(folder=folder, limit=LIMIT))
                times = np.full(nodes, np.inf)
                found = np.loadtxt(f"{folder}/reached.csv", delimiter=",", dtype=np.int64)
                times[found[:, 0]] = found[:, 1]
                reached = times[whole(buildings["node"])] + buildings["access_ds"] <= LIMIT
                covered = int(buildings["households"][reached].sum())
                say(f"pgRouting {release}", "reach", (int(after) - int(before)) / 1e9, covered, peak_mib=int(peak) // 1024)
        finally:
            run(f"{programs}/pg_ctl", "-D", "data", "-m", "immediate", "stop")


def pieces():
    """Connected pieces of communities: buildings of each, and borders by weight."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    buildings, borders = table("buildings"), table("adjacency")
    a, b = whole(borders["a"]), whole(borders["b"])
    compound, community = whole(buildings["compound"]), whole(buildings["community"])
    weight = whole(borders["border_m"]) * np.where(compound[a] == compound[b], 2, 1)
    inside = community[a] == community[b]
    a, b, weight = a[inside], b[inside], weight[inside]
    count, piece = connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(len(compound),) * 2), directed=False)
    return whole(buildings["households"]), a, b, weight, count, piece


def grids_of(total):
    fewest, greatest = max(1, -(-total // 400)), max(1, total // 200)
    return int(max(1, min(max(round(total / 300), min(fewest, greatest)), greatest)))


def by_piece(who, divide):
    households, a, b, weight, count, piece = pieces()
    order = np.argsort(piece, kind="stable")
    first = np.searchsorted(piece[order], np.arange(count + 1))
    place = np.empty(len(piece), np.int64)
    edges = np.argsort(piece[a], kind="stable")
    edge_first = np.searchsorted(piece[a][edges], np.arange(count + 1))
    grid, base, seconds = np.zeros(len(piece), "<u4"), 0, 0.0
    for one in range(count):
        members = order[first[one]:first[one + 1]]
        place[members] = np.arange(len(members))
        total = int(households[members].sum())
        k = min(grids_of(total), len(members))
        label = np.zeros(len(members), np.int64)
        if k > 1:
            own = edges[edge_first[one]:edge_first[one + 1]]
            near = [[] for _ in members]
            for x, y, w in zip(place[a[own]].tolist(), place[b[own]].tolist(), weight[own].tolist()):
                near[x].append((y, w))
                near[y].append((x, w))
            starts = np.concatenate([[0], np.cumsum([len(row) for row in near])]).tolist()
            flat = [y for row in near for y, _ in row]
            cost = [w for row in near for _, w in row]
            before = time.process_time()
            label = np.array(divide(starts, flat, households[members].tolist(), cost, k, total))
            seconds += time.process_time() - before
        grid[members] = base + label
        base += max(k, int(label.max()) + 1)
    answer = f"{FOLDER}/{PEER}-grids.bin"
    grid.tofile(answer)
    say(who, "grids", seconds, None, answer=answer)


def metis():
    import pymetis

    def divide(starts, near, households, cost, k, total):
        # The only bound there is: so much above the mean that the largest has 400.
        slack = max(1, int(1000 * (400 * k / total - 1)))
        options = pymetis.Options(contig=1, ufactor=slack)
        return pymetis.part_graph(k, xadj=starts, adjncy=near, vweights=households, eweights=cost, recursive=False, options=options)[1]

    by_piece(f"METIS k-way (pymetis {version('pymetis')})", divide)


def kahip():
    import kahip

    def divide(starts, near, households, cost, k, total):
        return kahip.kaffpa(households, starts, cost, near, k, max(0.0, 400 * k / total - 1), True, 0, 0)[1]

    by_piece(f"KaHIP {version('kahip')} fast", divide)


def tree():
    """A plain reckoning of pieces that are trees: no division has fewer grids out of bounds."""
    sys.dont_write_bytecode = True
    from tree import divided
    only_up_to(len(table("buildings")["id"]), 200_000, "buildings")
    by_piece(f"plain reckoning, numpy {version('numpy')}", divided)


def gerrychain():
    """Recursive cuts of random spanning trees; where it finds none that balances, the piece stays whole."""
    import random
    import networkx as nx
    from gerrychain import Graph
    from gerrychain.partition import recursive_tree_part
    random.seed(1)
    warnings.simplefilter("ignore")
    only_up_to(len(table("buildings")["id"]), 5_000, "buildings")

    def divide(starts, near, households, cost, k, total):
        graph = nx.Graph()
        graph.add_nodes_from((at, {"households": size}) for at, size in enumerate(households))
        graph.add_edges_from((at, near[arc]) for at in range(len(households)) for arc in range(starts[at], starts[at + 1]))
        mean = total / k
        room = min(400 / mean - 1, 1 - 200 / mean)
        graph = Graph.from_networkx(graph)
        for share in (0.6, 1.0):
            try:
                found = recursive_tree_part(graph, range(k), mean, "households", room * share, node_repeats=2)
                return [found[at] for at in range(len(households))]
            except Exception:
                continue
        return [0] * len(households)

    by_piece(f"gerrychain {version('gerrychain')} tree", divide)


def highs():
    """The placement as an integer program: demands that the same sites reach are one."""
    placement("offers.bin", "")


def highs_each():
    """The same with each building a demand of its own."""
    placement("offers-each.bin", ", each building")


def placement(file, name):
    import highspy
    k = int(sys.argv[3])
    raw = np.fromfile(f"{FOLDER}/{file}", dtype="<u4").reshape(-1, 3)
    if name:
        only_up_to(len(raw), 100_000, "pairs")
    site, demand, gain = raw[:, 0].astype(np.int64), raw[:, 1].astype(np.int64), raw[:, 2].astype(float)
    sites, demands = int(site.max()) + 1, int(demand.max()) + 1
    weight = np.zeros(demands)
    weight[demand] = gain
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", 60.0)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = sites + demands, demands + 1
    model.col_cost_ = np.concatenate([np.zeros(sites), -weight])
    model.col_lower_, model.col_upper_ = np.zeros(sites + demands), np.ones(sites + demands)
    model.integrality_ = [highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * demands
    order = np.argsort(demand, kind="stable")
    counts = np.bincount(demand, minlength=demands)
    starts = np.concatenate([[0], np.cumsum(counts + 1), [0]])
    starts[-1] = starts[-2] + sites
    index, value = np.empty(starts[-1], np.int64), np.ones(starts[-1])
    at, ordered = 0, site[order]
    for row in range(demands):
        count = counts[row]
        index[starts[row]:starts[row] + count] = ordered[at:at + count]
        index[starts[row] + count], value[starts[row] + count] = sites + row, -1
        at += count
    index[starts[demands]:] = np.arange(sites)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, index, value
    model.row_lower_ = np.zeros(demands + 1)
    model.row_upper_ = np.concatenate([np.full(demands, highspy.kHighsInf), [k]])
    solver.passModel(model)
    before = time.process_time()
    solver.run()
    seconds = time.process_time() - before
    info = solver.getInfo()
    bound = -info.mip_dual_bound
    bound = bound if np.isfinite(bound) else None
    say(f"HiGHS {solver.version()}{name}", f"site {k}", seconds, round(-info.objective_function_value), bound=bound, note="stopped after 60 s" if seconds > 59 else "")


PEERS = {
    "ortools": ortools, "ortools-slots": lambda: ortools(True), "fair": fair, "fair-slots": lambda: fair(True), "pylmcf": pylmcf,
    "scipy": scipy, "pandana": pandana, "pgrouting": pgrouting, "metis": metis, "kahip": kahip, "gerrychain": gerrychain,
    "tree": tree, "highs": highs, "highs-each": highs_each,
}
if PEER not in PEERS:
    sys.exit(f"no peer {PEER}; there are {', '.join(PEERS)}")
try:
    PEERS[PEER]()
except ImportError:
    sys.exit(3)
