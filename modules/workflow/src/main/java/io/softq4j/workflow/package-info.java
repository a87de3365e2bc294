/**
 * What the commands do, for applications: without options, terminal and exit codes. {@link io.softq4j.workflow.Configuration} is what is asked for;
 * {@link io.softq4j.workflow.PreparedData}, {@link io.softq4j.workflow.Train}, {@link io.softq4j.workflow.TextGenerator}, {@link io.softq4j.workflow.Chat},
 * {@link io.softq4j.workflow.Evaluation}, {@link io.softq4j.workflow.Study}, {@link io.softq4j.workflow.Export}, {@link io.softq4j.workflow.Conversion} and
 * {@link io.softq4j.workflow.Merge} do it. Mistakes a user can mend are found before anything long begins and come as
 * {@link io.softq4j.common.UserError}; outputs are whole or not there. docs/embedding.md has a table of all of it, {@code examples/} small programs.
 */
package io.softq4j.workflow;
