#!/usr/bin/env python3
"""An order sleeps in a file while it waits for its payment; another process finishes it.

    order.py begin order.qsnap
    order.py finish order.qsnap ch_42
"""

import sys

import quiesce

host = quiesce.Host()


@host.function
def total(items):
    return sum(item["price"] * item["count"] for item in items)


PROGRAM = """
(async () => {
  const amount = total([{price: 199, count: 2}, {price: 101, count: 1}]);
  const receipt = await quiesce.call('charge', amount);
  return {receipt, amount};
})()
"""


def begin(path):
    vm = quiesce.VM(host)
    print("6 * 7 =", vm.eval("6 * 7").json())
    try:
        vm.eval("total()")
    except quiesce.Error as error:
        print(f"{error.status}: {error}")
    order = vm.eval(PROGRAM)
    assert vm.run(order) is None, "the order should wait for its payment"
    vm.keep("order", order)
    vm.snapshot().save(path)


def finish(path, receipt):
    vm = quiesce.VM(host, quiesce.Snapshot.load(path))
    for id, name, arguments in vm.pending_calls():
        print(name, arguments)
        vm.resolve(id, receipt)
    print(vm.run(vm.kept("order")).json())


if sys.argv[1] == "begin":
    begin(sys.argv[2])
else:
    finish(sys.argv[2], sys.argv[3])
