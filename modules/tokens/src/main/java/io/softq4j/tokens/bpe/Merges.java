package io.softq4j.tokens.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * The merges of a BPE, applied to one piece: the merge of the lowest rank first, among equal ranks the leftmost, until none applies.
 *
 * <p>A short piece is searched anew after each merge, which is quickest for the few bytes of a word; a long one keeps its pairs in a
 * heap, so that a piece of n bytes costs n log n.
 */
final class Merges {

    private static final int SHORT = 96;

    private final LongIntMap ranks;
    private final int[] results;

    Merges(List<BpeModel.Merge> merges) {
        ranks = new LongIntMap(merges.size());
        results = new int[merges.size()];
        for (int rank = 0; rank < results.length; rank++) {
            BpeModel.Merge merge = merges.get(rank);
            // of a merge listed twice the later rank counts, as in Hugging Face's library
            ranks.put(LongIntMap.pair(merge.left(), merge.right()), rank);
            results[rank] = merge.result();
        }
    }

    /** Merges {@code tokens} in place. */
    int[] apply(int[] tokens) {
        return tokens.length <= SHORT ? search(tokens) : heap(tokens);
    }

    private int rank(int left, int right) {
        int rank = ranks.get(LongIntMap.pair(left, right));
        return rank < 0 ? Integer.MAX_VALUE : rank;
    }

    private int[] search(int[] token) {
        int n = token.length;
        int[] rank = new int[n];   // of the pair that starts here
        for (int i = 0; i + 1 < n; i++) {
            rank[i] = rank(token[i], token[i + 1]);
        }
        while (n > 1) {
            int best = 0;
            for (int i = 1; i < n - 1; i++) {
                best = rank[i] < rank[best] ? i : best;
            }
            if (rank[best] == Integer.MAX_VALUE) {
                break;
            }
            token[best] = results[rank[best]];
            n--;
            System.arraycopy(token, best + 2, token, best + 1, n - best - 1);
            System.arraycopy(rank, best + 2, rank, best + 1, Math.max(0, n - best - 2));
            if (best + 1 < n) {
                rank[best] = rank(token[best], token[best + 1]);
            }
            if (best > 0) {
                rank[best - 1] = rank(token[best - 1], token[best]);
            }
        }
        return n == token.length ? token : Arrays.copyOf(token, n);
    }

    /** A doubly linked list of tokens and a heap of (rank, position). */
    private int[] heap(int[] token) {
        int n = token.length;
        int[] next = new int[n];
        int[] previous = new int[n];
        LongHeap heap = new LongHeap(n);
        for (int i = 0; i < n; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < n) {
                offer(heap, token, i, i + 1);
            }
        }
        int left = n;
        while (!heap.isEmpty()) {
            long top = heap.poll();
            int rank = (int) (top >>> 32);
            int i = (int) top;
            int j = next[i];
            if (token[i] < 0 || j >= n || rank(token[i], token[j]) != rank) {
                continue;   // one of the two has been merged since
            }
            token[i] = results[rank];
            token[j] = -1;
            next[i] = next[j];
            left--;
            if (next[i] < n) {
                previous[next[i]] = i;
                offer(heap, token, i, next[i]);
            }
            if (previous[i] >= 0) {
                offer(heap, token, previous[i], i);
            }
        }
        int[] out = new int[left];
        for (int i = 0, k = 0; i < n; i = next[i]) {
            out[k++] = token[i];
        }
        return out;
    }

    private void offer(LongHeap heap, int[] token, int i, int j) {
        int rank = rank(token[i], token[j]);
        if (rank != Integer.MAX_VALUE) {
            heap.add((long) rank << 32 | i);
        }
    }
}
