/** The corpus of the quickstart: prompts with many right answers, checked by a program, demonstrated by an expert with habits. */
package io.softq4j.cli.quickstart;
