/** What {@code softq benchmark} asks of the module that measures, which is not on the class path of the other commands. */
package io.softq4j.cli.benchmark;
