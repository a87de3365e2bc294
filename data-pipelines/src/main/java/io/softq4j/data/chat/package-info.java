/**
 * Conversations: {@link io.softq4j.data.chat.Message}s become text by a {@link io.softq4j.data.chat.ChatTemplate}, and
 * {@link io.softq4j.data.chat.ChatSegments} says which of it is learnt.
 */
package io.softq4j.data.chat;
