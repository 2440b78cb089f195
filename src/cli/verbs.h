#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

// The verbs of `gewu`: what each was asked, and its function. 0: done; 1: something was refused
// or differs; 2: the office could not be opened. Words for people go to stdout, faults to stderr.

namespace gewu::cli {

/// Where an office lies. DIR/office.db and DIR/keys.db; beside it, outside the data and every
/// backup of it, KEYS/office.key and KEYS/erased.log (default: DIR.keys).
struct OfficePlace {
  std::string data = "data";
  std::string keys;
  std::string cipher = "aes";      ///< of a new office's key: "aes" or "sm4" (国密)
};

struct InitOptions {
  OfficePlace place;
  std::string definitions = ".";   ///< folder with systems/ and localities/
  std::vector<std::string> localities;  ///< with those they extend; none: all that are there
};
int run_init(const InitOptions& options);

/// `keys rotate`, `keys retire`: the office key (docs/decisions/key_rotation.md).
struct KeysOptions {
  OfficePlace place;
  std::string what;
  std::string cipher;              ///< of the new key; none: as the old one's
  std::size_t rows_a_step = 1'000;
};
int run_keys(const KeysOptions& options);

struct PublishOptions {
  OfficePlace place;
  std::string definitions = ".";
  std::vector<std::string> localities;
  bool dry_run = false;            ///< tell what would happen, write nothing
};
int run_publish(const PublishOptions& options);

struct ServeOptions {
  OfficePlace place;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string tls_certificate, tls_key;  ///< PEM files, read again on SIGHUP
  std::string proxy;               ///< address of the proxy in front
  bool plain = false;              ///< no TLS at all, though not on loopback
  std::vector<std::string> staff_networks;  ///< from which no resident's answer is taken
  std::string messages;            ///< who carries messages to residents: a URL or a file
  std::string public_url;          ///< where residents reach the office
  int staff_address_minutes = 60;  ///< how long an address counts as staff's; 0: never
  std::vector<std::string> witness_files, witness_urls;  ///< who is told the journal's roots
  std::size_t list_budget = 2'000;       ///< matters that an account's lists show in a day
  std::string openid;                    ///< file that names an identity provider
  std::string backups;                   ///< folder where administrators let backups be made
  std::string base_map;                  ///< file that says what lies under the boundaries
};
int run_serve(const ServeOptions& options);

struct CheckOptions {
  std::string definitions = ".";
  std::string only;                ///< scenarios whose name or file contains it
  std::string sources;             ///< folder of the documents that `source` quotes
  std::string valid_from = "2020-01-01";
  bool list_unexercised = false;
};
int run_check(const CheckOptions& options);

struct CheckDataOptions {
  OfficePlace place;
};
int run_check_data(const CheckDataOptions& options);

/// `export journal`: what proves the record without the database (usecase/export_journal.h).
struct ExportOptions {
  OfficePlace place;
  std::string what;
  std::string folder;
};
int run_export(const ExportOptions& options);

struct VerifyOptions {
  std::string folder;              ///< of an export
  std::string roots;               ///< file with roots that a witness kept
  std::string key;                 ///< the office's public key, in hex
  std::string receipt;             ///< a resident's code
  std::string unit, period;        ///< figures to be told
};
int run_verify(const VerifyOptions& options);

struct RootsOptions {
  OfficePlace place;
  std::string day;                 ///< the last root of that day
  std::int64_t number = 0;
  bool sign = false, line = false;
  std::vector<std::string> witness_files, witness_urls;
};
int run_roots(const RootsOptions& options);

struct AuditOptions {
  OfficePlace place;
  std::string what = "clocks";     ///< or a log: reads, log
  std::string period;
  bool each = false;               ///< every case, not counts
  std::string login, matter, event;
  bool refused = false;            ///< log: only what was refused
  std::size_t rows = 100;
};
int run_audit(const AuditOptions& options);

struct ShowOptions {
  std::string definitions = ".";
  std::string type, locality;
  bool limits = false;
};
int run_show(const ShowOptions& options);

struct FmtOptions {
  std::vector<std::string> files;
  bool check = false;              ///< only tell which would change
};
int run_fmt(const FmtOptions& options);

int run_systems(const std::string& definitions);

struct ClaimsOptions {
  OfficePlace place;
  std::string definitions = ".";
  std::string file;                ///< table of claims
  std::string locality;            ///< whose claims.yaml says which figure answers which
  std::string period;              ///< instead of the one that claims.yaml says
  std::string claim;               ///< only the records behind this one
  std::size_t rows = 50;
};
int run_claims(const ClaimsOptions& options);

struct ImportOptions {
  OfficePlace place;
  std::string what;                ///< territory, organisations, posts, accounts, matters, rows
  std::string file;
  std::string grids;               ///< territory: GeoJSON with boundaries
  std::string valid_from = "2020-01-01";
  std::string whole;               ///< territory: code of the unit of which the table is the whole
  std::string mapping;             ///< matters
  std::string refused;             ///< matters: where refused rows go
  std::string as_post;             ///< matters, rows: key of the post that imports
  std::string login;               ///< matters: account with the right to import past matters; rows
  std::string type, rule;          ///< rows: the type and the name of its import
  std::string accept;              ///< rows: digest of the comparison that a person accepts
  bool partial = false;
};
int run_import(const ImportOptions& options);

struct AccountOptions {
  OfficePlace place;
  std::string verb;                ///< add, password, disable, enable, rights
  std::string login, display_name;
  std::vector<std::string> posts;
  bool administrator = false, security = false, audit = false, import_past = false;
};
int run_account(const AccountOptions& options);

struct PostOptions {
  OfficePlace place;
  std::string verb;                ///< seat, deputise, leave, list
  std::string post, login;
};
int run_post(const PostOptions& options);

struct BackupOptions {
  OfficePlace place;
  std::string folder;
};
int run_backup(const BackupOptions& options);
int run_restore(const BackupOptions& options);

struct DemoOptions {
  OfficePlace place;
  std::string definitions = ".";
  std::string locality;            ///< empty: the only one that has a demo.yaml
  std::string password = "gewu-demo-2026";  ///< of all accounts
  std::string until;               ///< an instant instead of now
  std::uint64_t seed = 1;
  bool small = false, verbose = false;
  bool quiet = false;              ///< without the table of sign-ins
  int year = 0;                    ///< a year by the locality's year.yaml instead of some weeks
  std::int64_t scale = 100;        ///< percent of the year's counts
};
int run_demo(const DemoOptions& options);
Status make_demo_office(const DemoOptions& options);
Status make_year_office(const DemoOptions& options);

struct BenchOptions {
  std::string definitions = ".";
  std::string locality;            ///< empty: the one that the cases know
  std::string scratch;             ///< folder for offices to be made in; empty: the system's
  std::string only;                ///< one case
  double seconds = 3;
  std::size_t matters = 1'000'000;
  bool smoke = false;
};
int run_bench(const BenchOptions& options);

}  // namespace gewu::cli
