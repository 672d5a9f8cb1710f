/** What happened to real requests, out of the log that httpd writes of them. */
@NullMarked
package io.rollcall.agent.traffic;

import org.jspecify.annotations.NullMarked;
