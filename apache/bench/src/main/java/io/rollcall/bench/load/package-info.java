/** What asks: as fast as it goes, at a fixed rate, and one request after the other. */
@NullMarked
package io.rollcall.bench.load;

import org.jspecify.annotations.NullMarked;
