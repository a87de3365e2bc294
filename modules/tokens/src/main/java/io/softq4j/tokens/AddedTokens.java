package io.softq4j.tokens;

import java.util.Arrays;
import java.util.Collection;

/**
 * Finds added tokens in text: at each place the leftmost, among those the longest, as Hugging Face's library does. A trie, so that
 * hundreds of tokens cost no more than one.
 */
public final class AddedTokens {

    /** Where text is cut: {@code [start, end)} spells the token {@code id}; the end of the text has id -1. */
    public record Hit(int start, int end, int id) {
    }

    private static final class Node {
        private char[] chars = {};
        private Node[] children = {};
        private int id = -1;

        Node child(char c) {
            int i = Arrays.binarySearch(chars, c);
            return i < 0 ? null : children[i];
        }

        Node childToBe(char c) {
            int i = Arrays.binarySearch(chars, c);
            if (i < 0) {
                i = -i - 1;
                chars = Arrays.copyOf(chars, chars.length + 1);
                children = Arrays.copyOf(children, chars.length);
                System.arraycopy(chars, i, chars, i + 1, chars.length - 1 - i);
                System.arraycopy(children, i, children, i + 1, chars.length - 1 - i);
                chars[i] = c;
                children[i] = new Node();
            }
            return children[i];
        }
    }

    private final Node root = new Node();
    /** By the lower seven bits of the first character: most of a text is passed over by this alone. */
    private final boolean[] mayStart = new boolean[128];

    public AddedTokens(Collection<AddedToken> tokens) {
        for (AddedToken token : tokens) {
            Node node = root;
            for (char c : token.content().toCharArray()) {
                node = node.childToBe(c);
            }
            node.id = token.id();
            mayStart[token.content().charAt(0) & 127] = true;
        }
    }

    boolean isEmpty() {
        return root.chars.length == 0;
    }

    /** The first added token at or after {@code from} that ends at or before {@code end}. */
    public Hit next(char[] text, int from, int end) {
        for (int i = isEmpty() ? end : from; i < end; i++) {
            if (!mayStart[text[i] & 127]) {
                continue;
            }
            int id = -1;
            int stop = i;
            Node node = root.child(text[i]);
            for (int k = i + 1; node != null; k++) {
                if (node.id >= 0) {
                    id = node.id;
                    stop = k;
                }
                node = k < end ? node.child(text[k]) : null;
            }
            if (id >= 0) {
                return new Hit(i, stop, id);
            }
        }
        return new Hit(end, end, -1);
    }
}
