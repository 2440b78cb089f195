#include "http/error_reply.h"

#include <gtest/gtest.h>

namespace gewu::http {
namespace {

Request request_of(std::string id) {
  Request request;
  request.id = std::move(id);
  return request;
}

TEST(ErrorReply, every_code_has_its_status) {
  const std::pair<ErrorCode, int> table[] = {
      {ErrorCode::invalid, 400},   {ErrorCode::unauthenticated, 401}, {ErrorCode::forbidden, 403},
      {ErrorCode::not_found, 404}, {ErrorCode::conflict, 409},        {ErrorCode::too_large, 413},
      {ErrorCode::too_many, 429},  {ErrorCode::unavailable, 503},     {ErrorCode::internal, 500}};
  for (const auto& [code, status] : table) {
    EXPECT_EQ(status_of(code), status);
    const auto reply = error_response({code, "some.key", {}, {}}, request_of("R"), nullptr);
    EXPECT_EQ(reply.status, status);
    EXPECT_TRUE(reply.body.starts_with(std::string("{\"code\":\"") + to_text(code) +
                                       "\",\"key\":\"some.key\""));
  }
}

TEST(ErrorReply, details_and_further_failures_are_told_except_of_what_went_wrong_inside) {
  Error error{ErrorCode::invalid, "form", {{"max", "5"}}, {{ErrorCode::invalid, "a.kind", {}, {}}}};
  EXPECT_EQ(error_response(error, request_of("R-1"), nullptr).body,
            R"({"code":"invalid","key":"form","details":{"max":"5"},)"
            R"("others":[{"code":"invalid","key":"a.kind"}],"request":"R-1"})");
  error.code = ErrorCode::internal;
  EXPECT_EQ(error_response(error, request_of("R-1"), nullptr).body.find("max"), std::string::npos);
}

TEST(ErrorReply, a_missing_thing_answers_the_same_to_the_byte) {
  const Error error{ErrorCode::not_found, "not_found", {}, {}};
  EXPECT_EQ(error_response(error, request_of("A"), nullptr).body,
            error_response(error, request_of("B"), nullptr).body);
}

TEST(ErrorReply, says_when_to_come_again) {
  const auto header = [](const Error& error) {
    for (const auto& [name, value] : error_response(error, request_of("R"), nullptr).headers)
      if (name == "Retry-After") return value;
    return std::string();
  };
  EXPECT_EQ(header({ErrorCode::too_many, "k", {{"seconds", "7"}}, {}}), "7");
  EXPECT_EQ(header({ErrorCode::unavailable, "k", {}, {}}), "1");
  EXPECT_EQ(header({ErrorCode::invalid, "k", {}, {}}), "");
}

}  // namespace
}  // namespace gewu::http
