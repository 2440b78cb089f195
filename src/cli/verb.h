#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

// The verbs of `gewu`, one file each. A verb declares its options when the program starts and sets
// `status` when it ran: 0 done, 1 refused or differences found, 2 bad usage.

namespace gewu::cli {

struct Outcome {
  int status = 0;
};

using Declare = void (*)(CLI::App& program, Outcome& outcome);

void declare_init(CLI::App& program, Outcome& outcome);
void declare_publish(CLI::App& program, Outcome& outcome);
void declare_serve(CLI::App& program, Outcome& outcome);
void declare_check(CLI::App& program, Outcome& outcome);
void declare_show(CLI::App& program, Outcome& outcome);
void declare_import(CLI::App& program, Outcome& outcome);
void declare_demo(CLI::App& program, Outcome& outcome);
void declare_backup(CLI::App& program, Outcome& outcome);
void declare_bench(CLI::App& program, Outcome& outcome);

}  // namespace gewu::cli
