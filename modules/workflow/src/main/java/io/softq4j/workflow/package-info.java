/** What the commands do, without their options: a corpus to a run, a run to samples, samples to a report, many of them to a frontier. */
package io.softq4j.workflow;
