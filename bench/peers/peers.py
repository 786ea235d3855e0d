#!/usr/bin/env python3
"""Libraries beside the planners. usage: peers.py PEER FOLDER [K]

Prints one line of JSON for each run; the time is the processor time of the library's own call, graph building left out. A
peer that is not installed ends with status 3.
"""
import csv
import json
import resource
import sys
import time
import warnings

PEER, FOLDER = sys.argv[1], sys.argv[2]
warnings.simplefilter("ignore", DeprecationWarning)
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"who": who, "problem": problem, "cpu": seconds, "peak_mib": round(peak), "objective": objective, **more}), flush=True)


def timed(work, runs=3):
    for _ in range(runs):
        before = time.process_time()
        found = work()
        yield time.process_time() - before, found


def pairs():
    raw = np.fromfile(f"{FOLDER}/pairs.bin", dtype="<u4").reshape(-1, 3).astype(np.int64)
    return raw[:, 0], raw[:, 1], raw[:, 2]


def flow():
    """Arcs of the mobilisation as a flow: from, to, cost, room; the supplies; what the cost is off by."""
    compounds = table("compounds")
    least, most = whole(compounds["min_vol"]), whole(compounds["max_vol"])
    people, sites = len(table("volunteers")["id"]), len(least)
    one, site, cost = pairs()
    end = people + sites
    everybody, everywhere = np.arange(people), people + np.arange(sites)
    start = np.concatenate([one, everybody, everywhere, everywhere])
    stop = np.concatenate([people + site, np.full(people + 2 * sites, end)])
    price = np.concatenate([cost, np.full(people, HOME + SHORT), np.zeros(sites, np.int64), np.full(sites, SHORT)])
    room = np.concatenate([np.ones(len(one) + people, np.int64), least, most - least])
    supply = np.zeros(end + 1, np.int64)
    supply[:people], supply[end] = 1, -people
    order = np.lexsort((price, stop, start))
    start, stop, price, room = start[order], stop[order], price[order], room[order]
    return start, stop, price, room, supply, SHORT * int(least.sum()) - SHORT * people


def ortools():
    from ortools.graph.python import min_cost_flow
    import ortools
    start, stop, price, room, supply, off = flow()

    def work():
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(start, stop, room, price)
        solver.set_nodes_supplies(np.arange(len(supply)), supply)
        before = time.process_time()
        solver.solve()
        return time.process_time() - before, solver.optimal_cost()

    for _ in range(2):
        seconds, cost = work()
        say(f"OR-tools {ortools.__version__}", "mobilize", seconds, cost + off)


def pylmcf():
    import pylmcf
    start, stop, price, room, supply, off = flow()
    graph = pylmcf.Graph(len(supply), start.astype(np.int32), stop.astype(np.int32))
    graph.set_node_supply(supply)
    graph.set_edge_capacities(room)
    graph.set_edge_costs(price)
    before = time.process_time()
    graph.solve()
    say("pylmcf", "mobilize", time.process_time() - before, int(graph.total_cost()) + off)
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
    say("pylmcf, warm", "mobilize 1 %", time.process_time() - before, int(graph.total_cost()) + off)


def scipy():
    import scipy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra
    edges, nodes = table("edges"), len(table("nodes")["id"])
    graph = csr_matrix((edges["t_ds"], (whole(edges["dst"]), whole(edges["src"]))), shape=(nodes, nodes))
    stations, buildings = whole(table("stations")["node"]), table("buildings")
    for seconds, times in timed(lambda: dijkstra(graph, indices=stations, min_only=True, limit=LIMIT), 5):
        reached = times[whole(buildings["node"])] + buildings["access_ds"] <= LIMIT
        say(f"scipy {scipy.__version__} dijkstra, limit", "reach", seconds, int(buildings["households"][reached].sum()))


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
        base += k
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

    by_piece("METIS k-way (pymetis)", divide)


def kahip():
    import kahip

    def divide(starts, near, households, cost, k, total):
        return kahip.kaffpa(households, starts, cost, near, k, max(0.0, 400 * k / total - 1), True, 0, 0)[1]

    by_piece("KaHIP fast", divide)


def highs():
    """The placement as an integer program: demands that the same sites reach are one."""
    import highspy
    k = int(sys.argv[3])
    raw = np.fromfile(f"{FOLDER}/offers.bin", dtype="<u4").reshape(-1, 3)
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
    say(f"HiGHS {solver.version()}", f"site {k}", seconds, round(-info.objective_function_value), bound=bound, note="stopped after 60 s" if seconds > 59 else "")


PEERS = {"ortools": ortools, "pylmcf": pylmcf, "scipy": scipy, "metis": metis, "kahip": kahip, "highs": highs}
if PEER not in PEERS:
    sys.exit(f"no peer {PEER}; there are {', '.join(PEERS)}")
try:
    PEERS[PEER]()
except ImportError:
    sys.exit(3)
