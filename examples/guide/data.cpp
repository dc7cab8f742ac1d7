// Data: whole graphs of JavaScript values in C++.
#include <iostream>
#include <quiesce/quiesce.hpp>

using quiesce::Data;

int main() {
  quiesce::Host host;
  host.function("total", [](const Data& order) {
    double cents = 0;
    for (const Data& item : order["items"].elements()) cents += item["cents"].as<double>();
    return cents;
  });
  quiesce::VM vm{host};

  // Out of the VM, in one step: objects, dates, maps and who refers to whom.
  const Data order = vm.eval(R"(
      const customer = {name: "Ada", since: new Date(0)};
      ({id: 7, customer, items: [{cents: 499}, {cents: 250}],
        notes: new Map([["paid by", customer]]), get tax() { throw "not now"; }}))")
                         .as<Data>();
  std::cout << order.inspect() << "\n";
  std::cout << order["customer"]["name"].text() << ", " << order["customer"]["since"].date_ms()
            << "\n";
  std::cout << std::boolalpha << order["notes"].find("paid by")->is_same(order["customer"]) << "\n";

  // The getter was not called. What stands for it must go before the order can go back.
  order.remove("tax");
  order["items"].push(Data::object({{"cents", 100}}));
  order.set("tags", Data::set({"new", "paid"}));
  order.set("self", order);
  vm.global().set("order", order);
  std::cout << vm.eval("`${order.tags.size} ${order.self === order} ${total(order)}`").to_string()
            << "\n";

  // What is no data is refused, and the text says where it is.
  try {
    vm.eval("({order: {items: [1, {seen: new WeakSet()}]}})").as<Data>();
  } catch (const quiesce::Error& error) {
    std::cout << error.what() << "\n";
  }

  // Data belongs to no VM: here it goes into another one.
  quiesce::VM other;
  std::cout << other.value(order).inspect() << "\n";
}
