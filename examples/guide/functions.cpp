// Functions: C++ that JavaScript calls.
#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

struct Point {
  double x, y;
};
template <>
struct quiesce::Convert<Point> : quiesce::Members<Point> {
  static constexpr const char* kName = "a point";
  static constexpr auto kMembers = std::tuple(Member("x", &Point::x), Member("y", &Point::y));
};

struct Ledger {
  double total = 0;
  double charge(double cents) { return total += cents; }
};

int main() {
  Ledger ledger;
  quiesce::Host host;
  host.function("greet",
                [](std::string_view who, std::optional<int> times) {
                  std::string text;
                  for (int i = 0; i < times.value_or(1); ++i)
                    text += "hello " + std::string(who) + "!";
                  return text;
                })
      .function("middle",
                [](const std::vector<Point>& points) {
                  Point sum{0, 0};
                  for (const Point& p : points) sum = {sum.x + p.x, sum.y + p.y};
                  const auto n = static_cast<double>(points.size());
                  return Point{sum.x / n, sum.y / n};
                })
      .function("longest",
                [](const quiesce::Rest<std::string>& words) {
                  std::string longest;
                  for (const std::string& word : words)
                    if (word.size() > longest.size()) longest = word;
                  return longest;
                })
      .function("charge", &Ledger::charge, &ledger)
      .function("slowly", [](int x) {
        return std::async(std::launch::async, [x] { return std::map<std::string, int>{{"x", x}}; });
      });

  quiesce::VM vm{host};
  std::cout << vm.eval("greet('you') + greet('me', 2)").as<std::string>() << "\n";
  std::cout << vm.eval("middle([{x: 0, y: 0}, {x: 4, y: 2}])").inspect() << "\n";
  std::cout << vm.eval("longest('a', 'list', 'of', 'words')").as<std::string>() << "\n";
  std::cout << vm.eval("charge(499); charge(1)").as<double>() << "\n";
  std::cout << vm.eval("[greet, longest].map(f => `${f.name} ${f.length}`)").inspect() << "\n";

  // What does not fit is a TypeError that says where.
  std::cout
      << vm.eval("try { middle([{x: 0, y: 0}, {x: 4}]) } catch (e) { String(e) }").as<std::string>()
      << "\n";

  // A future makes a promise. `run` never waits; waiting is yours.
  quiesce::Value promise = vm.eval("slowly(7)");
  std::optional<quiesce::Value> result;
  while (!(result = vm.run(promise)) && vm.wait_for_outside()) {
  }
  std::cout << result->inspect() << "\n";

  // A function for a while only.
  double sum = 0;
  {
    quiesce::Callback add = vm.callback([&](double x) { sum += x; });
    vm.eval("(each) => [1, 2, 3].forEach(x => each(x))")(add.function());
  }
  std::cout << sum << "\n";
}
