/** What happened to each backend, one line each, on disk and bounded. */
@NullMarked
package io.rollcall.agent.journal;

import org.jspecify.annotations.NullMarked;
