/**
 * The benchmark: contenders ({@code contender}) are loaded ({@code load}) in scenarios ({@code scenario}), and what comes out is
 * written down ({@code report}). {@link io.rollcall.bench.Bench} names what there is and goes through it.
 */
@NullMarked
package io.rollcall.bench;

import org.jspecify.annotations.NullMarked;
