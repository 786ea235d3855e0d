// LEMON beside the planners. usage: lemon mobilize|slots|reach FOLDER
// mobilize, slots: network simplex with block search over the pairs in FOLDER/pairs.bin; reach: Dijkstra with a bucket heap.
// Prints one line of JSON for each run. The time is the processor time of building and solving its own flow or heap alone.
#include <lemon/config.h>
#include <lemon/dijkstra.h>
#include <lemon/bucket_heap.h>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>
#include <sys/resource.h>
#include <algorithm>
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

static void say(const char* who, const char* problem, double seconds, Sum objective, const char* note) {
  printf("{\"who\":\"LEMON " LEMON_VERSION " %s\",\"problem\":\"%s\",\"cpu\":%.6f,\"peak_mib\":%.0f,\"objective\":%lld,\"note\":\"%s\"}\n", who,
         problem, seconds, peak(), objective, note);
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

static void mobilize(const std::string& folder, bool slots) {
  auto compounds = table(folder + "/compounds.csv");
  auto people = table(folder + "/volunteers.csv");
  auto &least = compounds["min_vol"], &most = compounds["max_vol"], &doctors = compounds["min_medical"];
  auto &skills = people["skills"], &shifts = people["shifts"];
  int volunteers = skills.size(), sites = least.size();
  FILE* file = fopen((folder + "/pairs.bin").c_str(), "rb");
  if (!file) exit(3);
  fseek(file, 0, SEEK_END);
  std::vector<unsigned> pairs(ftell(file) / 4);
  rewind(file);
  if (fread(pairs.data(), 4, pairs.size(), file) != pairs.size()) exit(3);
  fclose(file);
  const Sum home = 50000, shortage = 200000;
  Arcs arcs;
  Sum base = 0;
  int end = slots ? volunteers + 5 * sites : volunteers + sites;
  int levels = slots ? 2 : 1;
  for (size_t at = 0; at < pairs.size(); at += 3) {
    int one = pairs[at], site = pairs[at + 1];
    Sum time = pairs[at + 2];
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
  for (int run = 0; run < 3; run++) {
    double seconds;
    Sum cost = solve(arcs, end + 1, volunteers, seconds);
    say("NetworkSimplex", slots ? "slots" : "mobilize", seconds, cost < 0 ? -1 : cost + base, "block search");
  }
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
  else mobilize(folder, problem == "slots");
}
