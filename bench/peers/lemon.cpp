// LEMON beside the planners. usage: lemon mobilize|slots|fair|fair-slots|reach FOLDER
// mobilize, slots: network simplex with block search over the pairs in FOLDER/pairs.bin; fair, fair-slots: the same for each
// limit of walks that a binary search tries, and once more for the plan; reach: Dijkstra with a bucket heap.
// Prints one line of JSON for each run. The time is the processor time of building and solving its own flow or heap alone.
#include <lemon/config.h>
#include <lemon/dijkstra.h>
#include <lemon/bucket_heap.h>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>
#include <sys/resource.h>
#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace lemon;
typedef long long Sum;

static double processor() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static double peak() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss / 1024.0;
}

// The columns of a table by name.
static std::map<std::string, std::vector<Sum>> table(const std::string& file) {
  std::ifstream in(file);
  std::string line, field;
  std::vector<std::string> names;
  std::map<std::string, std::vector<Sum>> columns;
  std::getline(in, line);
  for (std::stringstream head(line); std::getline(head, field, ',');) names.push_back(field);
  while (std::getline(in, line)) {
    std::stringstream row(line);
    for (auto& name : names) {
      std::getline(row, field, ',');
      columns[name].push_back((Sum)atof(field.c_str()));
    }
  }
  return columns;
}

// `more` is further members of the line, each after a comma.
static void say(const char* who, const std::string& problem, double seconds, Sum objective, const std::string& note,
                const std::string& more = "") {
  printf("{\"who\":\"LEMON " LEMON_VERSION " %s\",\"problem\":\"%s\",\"cpu\":%.6f,\"peak_mib\":%.0f,\"objective\":%lld,\"note\":\"%s\"%s}\n",
         who, problem.c_str(), seconds, peak(), objective, note.c_str(), more.c_str());
  fflush(stdout);
}

struct Arcs {
  std::vector<std::pair<int, int>> ends;
  std::vector<Sum> cost, room;
  void add(int from, int to, Sum cost_of, Sum room_of) {
    ends.push_back({from, to});
    cost.push_back(cost_of);
    room.push_back(room_of);
  }
};

static Sum solve(const Arcs& given, int nodes, int volunteers, double& seconds) {
  // The static graph wants its arcs by their first node.
  std::vector<size_t> order(given.ends.size());
  for (size_t at = 0; at < order.size(); at++) order[at] = at;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return given.ends[a].first < given.ends[b].first; });
  Arcs arcs;
  for (size_t at : order) arcs.add(given.ends[at].first, given.ends[at].second, given.cost[at], given.room[at]);
  StaticDigraph graph;
  graph.build(nodes, arcs.ends.begin(), arcs.ends.end());
  StaticDigraph::ArcMap<Sum> cost(graph), room(graph);
  for (size_t arc = 0; arc < arcs.ends.size(); arc++) {
    cost[graph.arc(arc)] = arcs.cost[arc];
    room[graph.arc(arc)] = arcs.room[arc];
  }
  StaticDigraph::NodeMap<Sum> supply(graph, 0);
  for (int one = 0; one < volunteers; one++) supply[graph.node(one)] = 1;
  supply[graph.node(nodes - 1)] = -volunteers;
  double before = processor();
  NetworkSimplex<StaticDigraph, Sum, Sum> simplex(graph);
  simplex.upperMap(room).costMap(cost).supplyMap(supply);
  auto done = simplex.run(NetworkSimplex<StaticDigraph, Sum, Sum>::BLOCK_SEARCH);
  seconds = processor() - before;
  return done == 1 ? simplex.totalCost<Sum>() : -1;
}

// The mobilisation as it was given: three numbers for each pair, and all walks in rising order.
struct Call {
  std::vector<Sum> least, most, doctors, skills, shifts, walks;
  std::vector<unsigned> pairs;
  bool slots;
};

static Call read_call(const std::string& folder, bool slots) {
  auto compounds = table(folder + "/compounds.csv");
  auto people = table(folder + "/volunteers.csv");
  Call call = {compounds["min_vol"], compounds["max_vol"], compounds["min_medical"], people["skills"], people["shifts"], {}, {}, slots};
  FILE* file = fopen((folder + "/pairs.bin").c_str(), "rb");
  if (!file) exit(3);
  fseek(file, 0, SEEK_END);
  call.pairs.resize(ftell(file) / 4);
  rewind(file);
  if (fread(call.pairs.data(), 4, call.pairs.size(), file) != call.pairs.size()) exit(3);
  fclose(file);
  for (size_t at = 2; at < call.pairs.size(); at += 3) call.walks.push_back(call.pairs[at]);
  std::sort(call.walks.begin(), call.walks.end());
  call.walks.erase(std::unique(call.walks.begin(), call.walks.end()), call.walks.end());
  return call;
}

// The least that a plan costs in which nobody walks longer than the limit; walks cost nothing where failings alone count.
static Sum least_cost(const Call& call, Sum limit, bool failings_alone, double& seconds) {
  auto &least = call.least, &most = call.most, &doctors = call.doctors, &skills = call.skills, &shifts = call.shifts;
  auto& pairs = call.pairs;
  bool slots = call.slots;
  int volunteers = skills.size(), sites = least.size();
  const Sum home = 50000, shortage = 200000;
  Arcs arcs;
  Sum base = 0;
  int end = slots ? volunteers + 5 * sites : volunteers + sites;
  int levels = slots ? 2 : 1;
  for (size_t at = 0; at < pairs.size(); at += 3) {
    int one = pairs[at], site = pairs[at + 1];
    if (pairs[at + 2] > limit) continue;
    Sum time = failings_alone ? 0 : pairs[at + 2];
    if (!slots) {
      arcs.add(one, volunteers + site, time, 1);
      continue;
    }
    for (int shift = 0; shift < 3; shift++)
      if (shifts[one] >> shift & 1) arcs.add(one, volunteers + 4 * site + shift, time, 1);
    if ((skills[one] & 1) && (shifts[one] & 1) && doctors[site] > 0) arcs.add(one, volunteers + 4 * site + 3, time, 1);
  }
  // Staying at home is a way past every least, so that all people flow.
  for (int one = 0; one < volunteers; one++) arcs.add(one, end, home + levels * shortage, 1);
  base -= levels * shortage * (Sum)volunteers;
  for (int site = 0; site < sites; site++) {
    int node = slots ? volunteers + 4 * sites + site : volunteers + site;
    if (slots) {
      for (int shift = 0; shift < 3; shift++) {
        Sum low = least[site] / 4, high = (most[site] + 1) / 2;
        arcs.add(volunteers + 4 * site + shift, node, 0, low);
        arcs.add(volunteers + 4 * site + shift, node, shortage, high - low);
        base += shortage * low;
      }
      arcs.add(volunteers + 4 * site + 3, node, 0, doctors[site]);
      base += shortage * doctors[site];
    }
    arcs.add(node, end, 0, least[site]);
    arcs.add(node, end, shortage, most[site] - least[site]);
    base += shortage * least[site];
  }
  Sum cost = solve(arcs, end + 1, volunteers, seconds);
  if (cost < 0) {
    fprintf(stderr, "LEMON finds no flow\n");
    exit(1);
  }
  return cost + base;
}

static void mobilize(const std::string& folder, bool slots) {
  Call call = read_call(folder, slots);
  for (int run = 0; run < 3; run++) {
    double seconds;
    Sum cost = least_cost(call, LLONG_MAX, false, seconds);
    say("NetworkSimplex", slots ? "slots" : "mobilize", seconds, cost, "block search");
  }
}

static void fair(const std::string& folder, bool slots) {
  Call call = read_call(folder, slots);
  if (call.walks.empty() || call.pairs.size() > 3 * 4000000) {
    fprintf(stderr, "LEMON makes no fair plan: no pair, or so many that it takes many minutes\n");
    return;
  }
  double all = 0, seconds;
  int flows = 0;
  auto tried = [&](Sum limit, bool failings_alone) {
    Sum cost = least_cost(call, limit, failings_alone, seconds);
    all += seconds;
    flows++;
    return cost;
  };
  size_t low = 0, high = call.walks.size() - 1;
  Sum wanted = tried(call.walks[high], true);
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (tried(call.walks[middle], true) > wanted) low = middle + 1;
    else high = middle;
  }
  Sum cost = tried(call.walks[low], false);
  std::string longest = std::to_string(call.walks[low]);
  say("NetworkSimplex", slots ? "fair-slots" : "fair", all, cost, "longest walk " + longest + " ds, " + std::to_string(flows) + " flows",
      ",\"longest\":" + longest);
}

static void reach(const std::string& folder) {
  auto edges = table(folder + "/edges.csv");
  auto stations = table(folder + "/stations.csv");
  auto buildings = table(folder + "/buildings.csv");
  int nodes = table(folder + "/nodes.csv")["id"].size();
  std::vector<std::pair<std::pair<int, int>, int>> sorted;
  for (size_t at = 0; at < edges["src"].size(); at++)
    sorted.push_back({{(int)edges["dst"][at], (int)edges["src"][at]}, (int)edges["t_ds"][at]});
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::pair<int, int>> ends;
  for (auto& one : sorted) ends.push_back(one.first);
  StaticDigraph graph;
  graph.build(nodes, ends.begin(), ends.end());
  StaticDigraph::ArcMap<int> time(graph);
  for (size_t at = 0; at < sorted.size(); at++) time[graph.arc(at)] = sorted[at].second;
  typedef StaticDigraph::NodeMap<int> Map;
  typedef BucketHeap<Map> Heap;
  for (int run = 0; run < 9; run++) {
    std::vector<int> found(nodes, -1);
    double before = processor();
    Dijkstra<StaticDigraph, StaticDigraph::ArcMap<int>>::SetStandardHeap<Heap, Map>::Create search(graph, time);
    search.init();
    for (auto node : stations["node"]) search.addSource(graph.node(node));
    std::vector<StaticDigraph::Node> reached;
    while (!search.emptyQueue()) {
      if (search.currentDist(search.nextNode()) > 9000) break;
      reached.push_back(search.processNextNode());
    }
    double seconds = processor() - before;
    for (auto node : reached) found[graph.id(node)] = search.dist(node);
    Sum covered = 0;
    for (size_t at = 0; at < buildings["node"].size(); at++) {
      int there = found[buildings["node"][at]];
      if (there >= 0 && there + buildings["access_ds"][at] <= 9000) covered += buildings["households"][at];
    }
    say("Dijkstra, bucket heap", "reach", seconds, covered, "");
  }
}

int main(int count, char** words) {
  if (count < 3) return 2;
  std::string problem = words[1], folder = words[2];
  if (problem == "reach") reach(folder);
  else if (problem == "fair" || problem == "fair-slots") fair(folder, problem == "fair-slots");
  else mobilize(folder, problem == "slots");
}
