/** What is shown on a terminal, and whether there is one. */
package io.softq4j.cli.terminal;
