// Classes: C++ objects in JavaScript, and how they sleep.
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

class Account {
 public:
  explicit Account(std::string owner) : owner_(std::move(owner)) {}
  const std::string& owner() const { return owner_; }
  double balance() const { return balance_; }
  void deposit(double cents) { balance_ += cents; }
  std::string note;

 private:
  std::string owner_;
  double balance_ = 0;
};

// What a database is in a larger program.
using Accounts = std::map<std::string, std::shared_ptr<Account>>;

quiesce::Host bank(Accounts& accounts) {
  const auto find = [&accounts](const std::string& owner) {
    std::shared_ptr<Account>& account = accounts[owner];
    if (!account) account = std::make_shared<Account>(owner);
    return account;
  };
  quiesce::Host host;
  host.bind<Account>("Account")
      .constructor(find)
      .method("deposit", &Account::deposit)
      .accessor("balance", &Account::balance)
      .accessor("owner", &Account::owner)
      .property("note", &Account::note)
      .static_function("of", find)
      .key(&Account::owner, find);
  host.function("transfer", [](Account& from, Account& to, double cents) {
    from.deposit(-cents);
    to.deposit(cents);
  });
  return host;
}

int main() {
  Accounts accounts;
  quiesce::VM vm{bank(accounts)};
  vm.eval(R"(
    class Savings extends Account {
      deposit(cents) { super.deposit(cents); this.note = `saved ${this.balance}`; }
    }
    const ada = new Account('Ada');
    globalThis.savings = new Savings('Ada in old age');
    ada.deposit(500);
    transfer(ada, savings, 200);
    savings.deposit(50);
  )");
  std::cout << accounts["Ada"]->balance() << ", " << accounts["Ada in old age"]->note << "\n";
  std::cout << vm.eval("try { ada.deposit.call({}, 1) } catch (e) { e.message }").as<std::string>()
            << "\n";

  // Asleep, an instance is its class and its key. Awake, the host says which object that is.
  quiesce::Snapshot sleep = vm.snapshot();
  accounts["Ada in old age"]->deposit(1000);
  quiesce::VM again{bank(accounts), sleep};
  std::cout << again.eval("[savings.balance, savings instanceof Account]").inspect() << "\n";
}
