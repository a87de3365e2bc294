/**
 * This package renders conversations: a {@link io.softq4j.chat.ChatTemplate} makes text from {@link io.softq4j.chat.Message}s, and
 * {@link io.softq4j.chat.ChatSegments} says which parts of the text are learned.
 */
package io.softq4j.chat;
