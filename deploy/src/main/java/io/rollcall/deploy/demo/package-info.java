/** The demo: all of Rollcall on one machine to look at, and the story it exists for, played as a check. */
@NullMarked
package io.rollcall.deploy.demo;

import org.jspecify.annotations.NullMarked;
