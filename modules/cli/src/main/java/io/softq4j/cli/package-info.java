/**
 * The command line: {@code softq} and its commands. Each command is one class that reads options and a configuration, calls the modules and prints;
 * what a user
 * can put right ends in exit code 2, a fault of ours in 1.
 */
package io.softq4j.cli;
