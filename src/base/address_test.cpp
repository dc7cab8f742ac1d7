#include "base/address.hpp"

#include <gtest/gtest.h>

namespace quiesce::base {
namespace {

TEST(Address, Public) {
  for (const char* address : {"93.184.216.34", "1.1.1.1", "8.8.8.8", "100.63.255.255",
                              "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
                              "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888",
                              "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2a00::1"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
}

TEST(Address, NotPublic) {  // B6
  for (const char* address : {"0.0.0.0",
                              "10.0.0.1",
                              "100.64.0.1",
                              "100.127.255.255",
                              "127.0.0.1",
                              "127.255.255.254",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.8",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "224.0.0.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "192.0.2.1",
                              "::",
                              "::1",
                              "::ffff:127.0.0.1",
                              "::ffff:7f00:1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::10.0.0.1",
                              "64:ff9b:1::1",
                              "2002:a00:1::",
                              "2001::1",
                              "2001:db8::1",
                              "3fff::1",
                              "fc00::1",
                              "fd12::1",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "::127.0.0.1"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

TEST(Address, WhatIsNone) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv, "example.com"sv, "[::1]"sv, "1.2.3"sv, "1.2.3.4.5"sv, "0x8.8.8.8"sv, "8.8.8.8\0"sv,
        "2606::1%eth0"sv, " 8.8.8.8"sv}) {
    EXPECT_FALSE(is_public_address(text)) << text;
  }
}

}  // namespace
}  // namespace quiesce::base
