#include <CLI/CLI.hpp>

#include <cstdlib>
#include <string_view>

#include "cli/verbs.h"
#include "gateway/picture_worker.h"

// The list of verbs. What each does stands in its own file.

namespace {

using namespace gewu::cli;

void add_place(CLI::App& verb, OfficePlace& place) {
  verb.add_option("--data", place.data, "folder of the office")->capture_default_str();
  verb.add_option("--keys", place.keys,
                  "folder of office.key and erased.log, outside the data (DATA.keys)");
}

void add_localities(CLI::App& verb, std::vector<std::string>& localities) {
  verb.add_option("--locality", localities, "only these, and those they extend");
}

void add_witnesses(CLI::App& verb, std::vector<std::string>& files,
                   std::vector<std::string>& urls) {
  verb.add_option("--witness-file", files, "each signed root is added to this file elsewhere");
  verb.add_option("--witness-url", urls, "each signed root is posted there");
}

void add_cipher(CLI::App& verb, std::string& cipher) {
  verb.add_option("--cipher", cipher, "what new values are sealed with: aes, or sm4 (GB/T 32907)")
      ->check(CLI::IsMember({"aes", "sm4"}));
}

void add_init(CLI::App& app, int& status) {
  static InitOptions options;
  CLI::App& verb = *app.add_subcommand("init", "make an office and publish its definitions");
  add_place(verb, options.place);
  verb.add_option("definitions", options.definitions, "folder with systems/ and localities/");
  add_localities(verb, options.localities);
  add_cipher(verb, options.place.cipher);
  verb.callback([&status] { status = run_init(options); });
}

void add_keys(CLI::App& app, int& status) {
  static KeysOptions options;
  CLI::App& verb = *app.add_subcommand(
      "keys", "rotate: a new office key, while nobody serves; retire: destroy keys too old");
  add_place(verb, options.place);
  verb.add_option("what", options.what)->required()->check(CLI::IsMember({"rotate", "retire"}));
  add_cipher(verb, options.cipher);
  verb.add_option("--rows-a-step", options.rows_a_step, "keys wrapped anew in one transaction")
      ->check(CLI::Range(1, 100'000));
  verb.callback([&status] { status = run_keys(options); });
}

void add_publish(CLI::App& app, int& status) {
  static PublishOptions options;
  CLI::App& verb = *app.add_subcommand("publish", "check definitions and put them to work");
  add_place(verb, options.place);
  verb.add_option("definitions", options.definitions, "folder with systems/ and localities/");
  add_localities(verb, options.localities);
  verb.add_flag("--dry-run", options.dry_run,
                "tell which matters would move and which clocks would turn; write nothing");
  verb.callback([&status] { status = run_publish(options); });
}

void add_serve(CLI::App& app, int& status) {
  static ServeOptions options;
  CLI::App& verb = *app.add_subcommand("serve", "serve the office; an older file is brought up");
  add_place(verb, options.place);
  verb.add_option("--address", options.address)->capture_default_str();
  verb.add_option("--port", options.port)->capture_default_str();
  auto* certificate = verb.add_option("--tls-cert", options.tls_certificate,
                                      "PEM file, read again on SIGHUP");
  auto* key = verb.add_option("--tls-key", options.tls_key, "PEM file");
  certificate->needs(key);
  key->needs(certificate);
  verb.add_option("--behind-proxy", options.proxy, "address of the proxy that ends TLS in front");
  verb.add_flag("--plain", options.plain, "without any TLS, though not on loopback");
  auto* messages = verb.add_option(
      "--messages", options.messages,
      "where messages to residents go: http(s)://… that takes POSTs of JSON, or a file");
  messages->needs(verb.add_option("--public-url", options.public_url,
                                  "where residents reach this office: https://host"));
  verb.add_option("--staff-networks", options.staff_networks,
                  "networks of the office, 10.20.0.0/16,…: no resident answers from there")
      ->delimiter(',');
  verb.add_option("--staff-address-minutes", options.staff_address_minutes,
                  "how long no resident answers from an address where staff worked; 0: at once")
      ->check(CLI::Range(0, 24 * 60))
      ->capture_default_str();
  add_witnesses(verb, options.witness_files, options.witness_urls);
  verb.add_option("--list-budget", options.list_budget,
                  "different matters that one account's lists show in a day")
      ->capture_default_str();
  verb.add_option("--openid", options.openid, "JSON file of an OpenID Connect provider for staff");
  verb.add_option("--backups", options.backups,
                  "folder, apart from the data, where administrators let backups be made");
  verb.add_option("--base-map", options.base_map, "JSON file of what lies under the boundaries");
  verb.callback([&status] { status = run_serve(options); });
}

void add_check(CLI::App& app, int& status) {
  static CheckOptions options;
  static OfficePlace place;
  place.data.clear();
  CLI::App& verb =
      *app.add_subcommand("check", "prove definitions and their scenarios; --data: an office");
  verb.add_option("definitions", options.definitions, "folder with systems/ and localities/");
  verb.add_option("--only", options.only, "scenarios whose name or file contains this");
  verb.add_option("--sources", options.sources, "folder of the documents that are quoted");
  verb.add_flag("--unexercised", options.list_unexercised, "list what no scenario touches");
  add_place(verb, place);
  verb.callback([&status] {
    status = place.data.empty() ? run_check(options) : run_check_data({place});
  });
}

void add_export(CLI::App& app, int& status) {
  static ExportOptions options;
  CLI::App& verb = *app.add_subcommand("export", "the journal, its roots and figures, as files");
  add_place(verb, options.place);
  verb.add_option("what", options.what)->required()->check(CLI::IsMember({"journal"}));
  verb.add_option("folder", options.folder)->required();
  verb.callback([&status] { status = run_export(options); });
}

void add_verify(CLI::App& app, int& status) {
  static VerifyOptions options;
  CLI::App& verb = *app.add_subcommand("verify", "prove an export, without any database");
  verb.add_option("folder", options.folder)->required();
  verb.add_option("--roots", options.roots, "file of roots that a witness kept");
  verb.add_option("--key", options.key, "public key of the office, hexadecimal");
  verb.add_option("--receipt", options.receipt, "a resident's code: where his matter counts");
  auto* unit = verb.add_option("--unit", options.unit, "figures of a territory or org:KEY");
  verb.add_option("--period", options.period, "2026, 2026-09, …; none: the last month")
      ->needs(unit);
  verb.callback([&status] { status = run_verify(options); });
}

void add_roots(CLI::App& app, int& status) {
  static RootsOptions options;
  CLI::App& verb = *app.add_subcommand("roots", "the signed root of the journal, to be printed");
  add_place(verb, options.place);
  verb.add_option("--day", options.day, "the last one of that day");
  verb.add_option("--number", options.number);
  verb.add_flag("--sign", options.sign, "sign one now, where anything was written");
  verb.add_flag("--line", options.line, "as a witness keeps it");
  add_witnesses(verb, options.witness_files, options.witness_urls);
  verb.callback([&status] { status = run_roots(options); });
}

void add_audit(CLI::App& app, int& status) {
  static AuditOptions options;
  CLI::App& verb =
      *app.add_subcommand("audit", "who moved clocks, reopened or answered for others; the logs");
  add_place(verb, options.place);
  verb.add_option("what", options.what,
                  "reads: who saw personal values; log: what was done to the office itself")
      ->check(CLI::IsMember({"clocks", "reads", "log"}));
  verb.add_option("--login", options.login, "reads, log: of this account");
  verb.add_option("--matter", options.matter, "reads: of this number");
  verb.add_option("--event", options.event, "log: of this event");
  verb.add_flag("--refused", options.refused, "log: what was refused");
  verb.add_option("--rows", options.rows, "reads, log: the newest so many")->capture_default_str();
  verb.add_option("--period", options.period, "2026, 2026-09, …; none: this month");
  verb.add_flag("--each", options.each, "every case instead of counts");
  verb.callback([&status] { status = run_audit(options); });
}

void add_show(CLI::App& app, int& status) {
  static ShowOptions options;
  CLI::App& verb = *app.add_subcommand("show", "an effective type, each line with its origin");
  verb.add_option("type", options.type);
  verb.add_option("--locality", options.locality);
  verb.add_option("--definitions", options.definitions)->capture_default_str();
  verb.add_flag("--limits", options.limits, "every bound on input");
  verb.callback([&status] { status = run_show(options); });
}

void add_fmt(CLI::App& app, int& status) {
  static FmtOptions options;
  CLI::App& verb = *app.add_subcommand("fmt", "write definition files in the one form");
  verb.add_option("files", options.files)->required();
  verb.add_flag("--check", options.check, "only tell which would change");
  verb.callback([&status] { status = run_fmt(options); });
}

void add_systems(CLI::App& app, int& status) {
  static std::string definitions = ".";
  CLI::App& verb = *app.add_subcommand("systems", "each mechanism: where practised, how proved");
  verb.add_option("definitions", definitions);
  verb.callback([&status] { status = run_systems(definitions); });
}

void add_claims(CLI::App& app, int& status) {
  static ClaimsOptions options;
  CLI::App& verb =
      *app.add_subcommand("claims", "printed figures beside the office's own and their records");
  add_place(verb, options.place);
  verb.add_option("file", options.file, "CSV of claims")->required();
  verb.add_option("--locality", options.locality, "one that has a claims.yaml")->required();
  verb.add_option("--period", options.period, "a year instead of the one in claims.yaml");
  verb.add_option("--definitions", options.definitions)->capture_default_str();
  verb.add_option("--records", options.claim, "the records behind one claim");
  verb.add_option("--rows", options.rows, "at most so many of them")->capture_default_str();
  verb.callback([&status] { status = run_claims(options); });
}

void add_import(CLI::App& app, int& status) {
  static ImportOptions options;
  CLI::App& verb = *app.add_subcommand("import", "tables of a place, or matters of the past");
  add_place(verb, options.place);
  verb.add_option("what", options.what)
      ->required()
      ->check(CLI::IsMember({"territory", "organisations", "posts", "accounts", "matters",
                              "rows"}));
  verb.add_option("file", options.file, "CSV, UTF-8 or GB18030, may end in .gz")->required();
  verb.add_option("--grids", options.grids, "GeoJSON with boundaries by code");
  verb.add_option("--valid-from", options.valid_from)->capture_default_str();
  verb.add_option("--whole", options.whole,
                  "territory: CODE of which the table is the whole; what it no longer lists ends");
  verb.add_flag("--partial", options.partial, "take the good rows though others are refused");
  verb.add_option("--mapping", options.mapping, "matters: the mapping file");
  verb.add_option("--login", options.login, "matters: account with the right to import; rows");
  verb.add_option("--post", options.as_post, "rows: key of the post that imports");
  verb.add_option("--type", options.type, "rows: the type they are of");
  verb.add_option("--rule", options.rule, "rows: the name of its import");
  verb.add_option("--accept", options.accept, "rows: digest of the comparison");
  verb.add_option("--refused", options.refused, "matters: where refused rows go");
  verb.callback([&status] { status = run_import(options); });
}

void add_account(CLI::App& app, int& status) {
  static AccountOptions options;
  CLI::App& verb = *app.add_subcommand("account", "accounts; passwords are read from stdin");
  add_place(verb, options.place);
  verb.add_option("verb", options.verb)
      ->required()
      ->check(CLI::IsMember({"add", "password", "disable", "enable", "rights"}));
  verb.add_option("login", options.login)->required();
  verb.add_option("--name", options.display_name);
  verb.add_option("--post", options.posts);
  verb.add_flag("--administrator", options.administrator, "add, rights: of everything; of three "
                "the system administrator");
  verb.add_flag("--security", options.security, "add, rights: the security administrator");
  verb.add_flag("--audit", options.audit, "add, rights: the audit administrator");
  verb.add_flag("--import-past", options.import_past);
  verb.callback([&status] { status = run_account(options); });
}

void add_post(CLI::App& app, int& status) {
  static PostOptions options;
  CLI::App& verb = *app.add_subcommand("post", "who sits where");
  add_place(verb, options.place);
  verb.add_option("verb", options.verb)
      ->required()
      ->check(CLI::IsMember({"list", "seat", "deputise", "leave"}));
  verb.add_option("post", options.post);
  verb.add_option("login", options.login);
  verb.callback([&status] { status = run_post(options); });
}

void add_demo(CLI::App& app, int& status) {
  static DemoOptions options;
  CLI::App& verb = *app.add_subcommand("demo", "a made-up town with some weeks behind it");
  add_place(verb, options.place);
  verb.add_option("definitions", options.definitions, "folder with systems/ and localities/");
  verb.add_option("--locality", options.locality, "one that has a demo.yaml");
  verb.add_option("--password", options.password, "of all accounts")->capture_default_str();
  verb.add_option("--seed", options.seed, "one seed, one town")->capture_default_str();
  verb.add_option("--until", options.until, "an instant instead of now");
  verb.add_flag("--small", options.small, "a few hundred matters");
  verb.add_option("--year", options.year, "a whole year, of a locality that has a year.yaml")
      ->check(CLI::Range(2020, 2100));
  verb.add_option("--scale", options.scale, "of a year: percent of its counts")
      ->check(CLI::Range(1, 100));
  verb.add_flag("--verbose", options.verbose, "also what was done and what was refused");
  verb.callback([&status] { status = run_demo(options); });
}

void add_bench(CLI::App& app, int& status) {
  static BenchOptions options;
  CLI::App& verb = *app.add_subcommand("bench", "load cases with expected answers, as JSON");
  verb.add_option("definitions", options.definitions, "folder with systems/ and localities/");
  verb.add_option("--locality", options.locality, "one that has a demo.yaml");
  verb.add_option("--scratch", options.scratch, "folder for the offices of the run");
  verb.add_option("--only", options.only, "one case: decide, create, growth, server or storm");
  verb.add_option("--seconds", options.seconds, "of each timed part")->capture_default_str();
  verb.add_option("--matters", options.matters, "in the large office")->capture_default_str();
  verb.add_flag("--smoke", options.smoke, "small and quick: proves answers, measures nothing");
  verb.callback([&status] { status = run_bench(options); });
}

void add_backup(CLI::App& app, int& status) {
  static BackupOptions backup, restore;
  CLI::App& out = *app.add_subcommand("backup", "an encrypted copy, and its keys to keep apart");
  add_place(out, backup.place);
  out.add_option("folder", backup.folder)->required();
  out.callback([&status] { status = run_backup(backup); });
  CLI::App& in = *app.add_subcommand("restore", "from a backup, what was erased since left out");
  add_place(in, restore.place);
  in.add_option("folder", restore.folder)->required();
  in.callback([&status] { status = run_restore(restore); });
}

}  // namespace

int main(int argc, char** argv) {
  // A child that reads one foreign picture; it is asked for by nobody else.
  if (argc == 2 && std::string_view(argv[1]) == "picture-worker")
    return gewu::gateway::run_picture_worker();
  CLI::App app("Gewu (格务): a self-hosted office for grassroots governance");
  app.require_subcommand(1);
  app.set_version_flag("--version", "0.1.0");
  app.fallthrough();
  app.add_option_function<std::string>(
         "--lang", [](const std::string& language) { setenv("LC_ALL", language.c_str(), 1); },
         "language of what went wrong: zh, ko, en (as LC_ALL says)")
      ->check(CLI::IsMember({"zh", "ko", "en"}))
      ->trigger_on_parse();
  int status = 0;
  add_init(app, status);
  add_publish(app, status);
  add_serve(app, status);
  add_keys(app, status);
  add_check(app, status);
  add_export(app, status);
  add_verify(app, status);
  add_roots(app, status);
  add_audit(app, status);
  add_show(app, status);
  add_fmt(app, status);
  add_systems(app, status);
  add_claims(app, status);
  add_import(app, status);
  add_account(app, status);
  add_post(app, status);
  add_backup(app, status);
  add_demo(app, status);
  add_bench(app, status);
  CLI11_PARSE(app, argc, argv);
  return status;
}
