package io.softq4j.graph.plan;

import io.softq4j.graph.device.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places blocks with known lifetimes in one stretch of memory, ahead of time, so that blocks that live at the same time never overlap.
 * Greedy by size: the largest block first, each at the lowest free offset.
 */
final class Arena {

    private static final long ALIGNMENT = Device.ALIGNMENT;

    /** A block that holds a value from step {@code first} to step {@code last}, both included. */
    static final class Block {
        private final long bytes;
        private final int first;
        private int last;
        private long offset = -1;

        Block(long bytes, int first) {
            this.bytes = Math.max(ALIGNMENT, Math.multiplyExact((bytes + ALIGNMENT - 1) / ALIGNMENT, ALIGNMENT));
            this.first = first;
            this.last = first;
        }

        void usedAt(int step) {
            last = Math.max(last, step);
        }

        long offset() {
            return offset;
        }

        private boolean meets(Block other) {
            return first <= other.last && other.first <= last;
        }
    }

    private final List<Block> blocks = new ArrayList<>();

    Block add(long bytes, int firstStep) {
        Block block = new Block(bytes, firstStep);
        blocks.add(block);
        return block;
    }

    /** Sets the offset of every block. @return bytes needed in all */
    long place() {
        List<Block> bySize = new ArrayList<>(blocks);
        bySize.sort(Comparator.comparingLong((Block b) -> -b.bytes).thenComparingInt(b -> b.first));
        List<Block> placed = new ArrayList<>(); // by offset
        long end = 0;
        for (Block block : bySize) {
            long offset = 0;
            for (Block other : placed) {
                if (other.meets(block)) {
                    if (other.offset - offset >= block.bytes) {
                        break;
                    }
                    offset = Math.max(offset, other.offset + other.bytes);
                }
            }
            block.offset = offset;
            int at = 0;
            while (at < placed.size() && placed.get(at).offset <= offset) {
                at++;
            }
            placed.add(at, block);
            end = Math.max(end, Math.addExact(offset, block.bytes));
        }
        return end;
    }
}
