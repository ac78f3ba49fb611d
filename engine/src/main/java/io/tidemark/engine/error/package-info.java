/** How things fail: one exception whose kind says what the caller must do, and one way to end a process that can no longer be believed. */
package io.tidemark.engine.error;
