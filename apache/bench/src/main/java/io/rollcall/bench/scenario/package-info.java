/** What is measured. */
@NullMarked
package io.rollcall.bench.scenario;

import org.jspecify.annotations.NullMarked;
