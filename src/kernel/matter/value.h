#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "kernel/people/unit.h"
#include "kernel/place/lonlat.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {

/// Names of definitions: [a-z][a-z0-9_]*.
using Name = std::string;

/// An empty field, a division by zero, a path through an empty link (language.md 2.4).
struct Missing {
  bool operator==(const Missing&) const = default;
};
/// A personal value whose key was destroyed. Behaves as missing in expressions, shows as *erased*.
struct Erased {
  bool operator==(const Erased&) const = default;
};
/// A sealed value as the dossier holds it: that it is there, not what it is.
struct Sealed {
  std::string box;  ///< ciphertext of store; empty in scenarios
  bool operator==(const Sealed&) const = default;
};

/// Millionths; never floating point.
struct Number {
  std::int64_t micros = 0;
  auto operator<=>(const Number&) const = default;
};
inline constexpr std::int64_t kMicros = 1'000'000;

/// Whole fen (分).
struct Money {
  std::int64_t fen = 0;
  auto operator<=>(const Money&) const = default;
};

/// Minutes after midnight of a local day.
struct TimeOfDay {
  std::int32_t minutes = 0;
  auto operator<=>(const TimeOfDay&) const = default;
};

/// Half open [from, to).
struct Period {
  Instant from, to;
  bool operator==(const Period&) const = default;
};

/// A bare key: a row of a list, a state, an action, a role or a level; the static type says which.
struct Key {
  std::string key;
  bool operator==(const Key&) const = default;
};

/// A matter.
struct Link {
  MatterId id;
  bool operator==(const Link&) const = default;
};

/// A post as a value of a field.
struct PostRef {
  PostId id;
  bool operator==(const PostRef&) const = default;
};

/// Where something is: a point, an address in words, or a node of the territory tree named
/// directly (a grid on a form without map). At least one of the three.
struct Place {
  std::optional<LonLat> point;
  std::string address;
  std::string territory;  ///< code, when the person chose a node
  bool operator==(const Place&) const = default;
};

/// How to reach an author: always sealed.
struct Contact {
  std::string name, phone, token;
  bool operator==(const Contact&) const = default;
};

/// An upload: its bytes lie in the blob store under their hash.
struct FileRef {
  std::string sha256, name, media_type;
  std::int64_t bytes = 0;
  bool operator==(const FileRef&) const = default;
};

/// One number and reason for each row of a list.
struct Score {
  Name row;
  Number value;
  std::string reason;
  bool operator==(const Score&) const = default;
};

struct Value;
struct NamedValue;
using Values = std::vector<Value>;

/// A row of a small table, in the order of its spec.
struct Row {
  std::vector<NamedValue> cells;
  bool operator==(const Row&) const;
};

/// Opening hours by weekday: frames in minutes of the day, index 0 = Monday.
struct Hours {
  std::vector<std::pair<int, int>> days[7];
  bool operator==(const Hours&) const = default;
};

/// Large values are shared and never changed.
template <typename Large>
using Shared = std::shared_ptr<const Large>;

/// What a field, an input or an expression holds. Copying is cheap.
struct Value {
  /// Those before the text hold nothing that would have to be given back.
  using Content =
      std::variant<Missing, Erased, bool, Number, Money, Date, Instant, TimeOfDay, Limit, Period,
                   Link, PostRef, std::string, Key, Unit, Shared<Place>, Shared<Contact>,
                   Shared<FileRef>, Shared<std::vector<Score>>, Shared<Row>, Shared<Hours>,
                   Shared<std::vector<LonLat>>, Shared<Sealed>, Shared<Values>>;
  /// In a union, since most fields of most matters are empty: these come and go without a look at
  /// what they could be (docs/decisions/decide.md).
  union {
    Content content;
  };

  Value() : content() {}
  Value(const Value& other) : content(other.is_empty() ? Content() : Content(other.content)) {}
  Value(Value&& other) noexcept
      : content(other.is_empty() ? Content() : Content(std::move(other.content))) {}
  Value& operator=(const Value& other) {
    if (!is_empty() || !other.is_empty()) content = other.content;
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (!is_empty() || !other.is_empty()) content = std::move(other.content);
    return *this;
  }
  ~Value() {
    if (content.index() >= kFirstOwning) content.~Content();
  }
  template <typename T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Value> &&
             std::is_constructible_v<Content, T&&>)
  Value(T&& plain) : content(std::forward<T>(plain)) {}  // NOLINT: a value is what it holds

  template <typename T>
  bool is() const { return std::holds_alternative<T>(content); }
  template <typename T>
  const T* get() const { return std::get_if<T>(&content); }
  /// The large value inside, or nothing.
  template <typename T>
  const T* get_shared() const {
    const auto* shared = std::get_if<Shared<T>>(&content);
    return shared ? shared->get() : nullptr;
  }
  bool is_missing() const { return is<Missing>() || is<Erased>(); }
  /// Compares what large values hold, not where they lie.
  bool operator==(const Value& other) const;

 private:
  static constexpr std::size_t kFirstOwning = 12;
  static_assert(std::is_same_v<std::variant_alternative_t<kFirstOwning, Content>, std::string>);
  bool is_empty() const { return content.index() == 0; }
};
static_assert(std::is_trivially_destructible_v<Limit> && std::is_trivially_destructible_v<Period> &&
              std::is_trivially_destructible_v<Link> && std::is_trivially_destructible_v<PostRef>);

template <typename Large>
Value make_large(Large large) {
  return Value(Shared<Large>(std::make_shared<const Large>(std::move(large))));
}
/// A set (a field with `many`, rows, or the result of an expression).
inline Value make_set(Values elements) { return make_large(std::move(elements)); }

/// A value with its name, as asked or given: `category: lighting`.
struct NamedValue {
  Name name;
  Value value;
  bool operator==(const NamedValue&) const = default;
};

const Value* find_value(const std::vector<NamedValue>& values, std::string_view name);

}  // namespace gewu::kernel
