/**
 * Conversations: {@link io.softq4j.chat.Message}s become text by a {@link io.softq4j.chat.ChatTemplate}, and
 * {@link io.softq4j.chat.ChatSegments} says which of it is learnt.
 */
package io.softq4j.chat;
