/** The agent beside httpd. Data flows one way: watch, view, publish; only {@link io.rollcall.agent.Agent} knows them all. */
@NullMarked
package io.rollcall.agent;

import org.jspecify.annotations.NullMarked;
