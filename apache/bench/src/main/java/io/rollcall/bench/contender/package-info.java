/** The ways to route by name, each a server with a configuration in {@code apache/bench/contenders} and a way to tell it of changes. */
@NullMarked
package io.rollcall.bench.contender;

import org.jspecify.annotations.NullMarked;
