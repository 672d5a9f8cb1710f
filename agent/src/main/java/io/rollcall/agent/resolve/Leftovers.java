package io.rollcall.agent.resolve;

import java.util.Arrays;

/**
 * Decides when a reply may be withheld to bring the pipe in step again.
 *
 * <p><b>The fault.</b> Askers take turns under httpd's mutex: write a line, read a line. If one is killed in between, its reply
 * stays in the pipe, and from then on everyone reads the reply of the one before. Replies carry the request's id, so nobody
 * believes a wrong one; but nobody gets a right one either. So an asker who reads another's reply asks once more, with
 * {@code !} before the same line, and for that the resolver writes nothing: the asker reads one of the replies left over.
 *
 * <p><b>The hazard.</b> An asker who waits for a reply that never comes holds the mutex, and with it all of httpd, for ever. A
 * reply may therefore be withheld only if one is certain to be left in the pipe. {@link #isCertain} says so if the marked line
 * was asked without the mark before, and nothing was withheld since.
 *
 * <p><b>Why that is enough.</b> Count, after each exchange, the replies due (one per line but those withheld) less those read:
 * the leftovers <i>n</i>.
 * <ol>
 *   <li>An exchange that is answered adds a reply and reads at most one: <i>n</i> never falls, and its asker never waits in
 *       vain. (A line that a killed asker left unfinished has no reply; the next asker's line continues it, and the two count
 *       as one exchange.)
 *   <li>X asks and reads another's reply. The pipe is first in, first out, and X's own reply was the last due, so that one is
 *       still unread: <i>n</i> is at least 1 after X's first exchange. Only then does X send the mark.
 *   <li>Until X's mark arrives nothing was withheld, so by 1 <i>n</i> is still at least 1. Withholding X's second reply, X
 *       reads one that is left: nobody waits, and <i>n</i> falls by one.
 * </ol>
 * After that <i>n</i> may be 0, so everything remembered is forgotten: a later mark rests on a later question. Other exchanges
 * may come between the question and the mark, which is why several questions are remembered: with many callers at once the very
 * next line is rarely the mark. If the question has dropped out of memory the mark is answered like a question, which is safe
 * by 1 and merely heals nothing. Nobody accepts another's answer, because ids are as good as unique and a reply that was cut
 * by a killed reader is an end of a line, never the whole. {@code LeftoversModelTest} walks through every interleaving.
 *
 * <p>The whole line is compared, not its id alone: an asker with a second question under one id could otherwise be taken for a
 * mark, if it continued the line of one who was killed after writing only the {@code !}. A pipe writes up to 4,096 bytes whole,
 * so this cannot happen anyway; longer lines are never remembered. Used by one thread.
 */
final class Leftovers {
    private static final int LONGEST = 512;

    private final byte[][] questions;
    private final int[] lengths;
    private int next;

    Leftovers(int remembered) {
        questions = new byte[remembered][];
        lengths = new int[remembered];
    }

    void asked(byte[] line, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return;
        }
        byte[] room = questions[next];
        if (room == null || room.length < length) {
            room = new byte[Math.max(64, Integer.highestOneBit(length) * 2)];
            questions[next] = room;
        }
        System.arraycopy(line, from, room, 0, length);
        lengths[next] = length;
        next = next + 1 == lengths.length ? 0 : next + 1;
    }

    /** Whether a reply is certain to be in the pipe for the one who now marks this line; if so it is taken as read. */
    boolean isCertain(byte[] line, int from, int to) {
        for (int i = 0; i < lengths.length; i++) {
            byte[] question = questions[i];
            if (question != null && lengths[i] > 0 && Arrays.equals(question, 0, lengths[i], line, from, to)) {
                Arrays.fill(lengths, 0);
                return true;
            }
        }
        return false;
    }
}
