/** Long runs and measurements, one class each: {@link io.rollcall.deploy.soak.Soak} names and runs them. */
@NullMarked
package io.rollcall.deploy.soak;

import org.jspecify.annotations.NullMarked;
