#pragma once

namespace gewu::fuzz {

/// Forgets every place of every run: another parser begins.
void begin_anew();
/// Forgets which places of the code this run passed.
void begin_watching();
/// Whether this run came to a place, or came to one so many times, as none before it.
bool saw_something_new();
/// Places seen so far.
unsigned long places_seen();

}  // namespace gewu::fuzz
