(* Sums of many binary numbers in TC0, by circuits that are given as a function of their number and
   length: iterated addition on two levels, and from it multiplication on three (Siu and
   Roychowdhury 1994). As in tc0, the last gate of a digit reads the sum itself, which halves the
   number of gates. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Lists Gates Arith Problems Addition.
Import ListNotations.
Open Scope Z_scope.

(* ---- digits of a sum ---- *)

(* Row i of R has w bits, the lowest first: bit j is the literal b i j with weight 2^(o i + j), so
   that o i is how far the row is shifted. *)
Section Rows.
  Variables (R w : nat) (o : nat -> nat) (b : nat -> nat -> lit).

  (* The number of bits of row i with a weight below 2^k. *)
  Definition width (k i : nat) : nat := Nat.min w (k - o i).

  (* All bits with a weight below 2^k. *)
  Definition part (k : nat) : list (Z * lit) :=
    flat_map (fun i => map (fun j => (2 ^ Z.of_nat (o i + j), b i j)) (seq 0 (width k i)))
      (seq 0 R).

  (* The gate [what weighs less than 2^(k+1) sums up to (m+1) 2^(k+1)]. *)
  Definition passed (k m : nat) : tree :=
    TThr (part (S k)) (Z.of_nat (S m) * 2 ^ Z.of_nat (S k)).

  (* Digit k: whether this sum, less 2^(k+1) as often as it is passed, is 2^k or more. *)
  Definition sum_digit (k : nat) : tree :=
    TThr (map (fun m => (- 2 ^ Z.of_nat (S k), (false, passed k m))) (seq 0 (R - 1)) ++ part (S k))
      (2 ^ Z.of_nat k).

  (* All gates `passed` for the lowest p digits. *)
  Definition all_passed (p : nat) : list tree :=
    flat_map (fun k => map (passed k) (seq 0 (R - 1))) (seq 0 p).

  (* ---- layers ---- *)

  (* What is read of the rows. *)
  Lemma kids_part k c : In c (map (fun w => snd (snd w)) (part k)) ->
    exists i j, (i < R)%nat /\ (j < w)%nat /\ c = snd (b i j).
  Proof.
    intro C. apply in_map_iff in C. destruct C as (l & <- & C). apply in_flat_map in C.
    destruct C as (i & J & C). apply in_map_iff in C. destruct C as (j & <- & C).
    apply in_seq in J, C. unfold width in C. exists i, j. repeat split; lia.
  Qed.

  (* The gates `passed` can follow what has the bits of the rows. *)
  Lemma fits_passed ni G p g :
    (forall i j, (i < R)%nat -> (j < w)%nat -> good ni G (snd (b i j))) -> In g (all_passed p) ->
    fits ni G g.
  Proof.
    intros H J. apply in_flat_map in J. destruct J as (k & _ & J). apply in_map_iff in J.
    destruct J as (m & <- & _). split; [exact I |]. intros c C.
    destruct (kids_part _ _ C) as (i & j & L & M & ->). auto.
  Qed.

  (* The digits can follow all this. *)
  Lemma fits_digit ni G p k :
    (forall i j, (i < R)%nat -> (j < w)%nat -> good ni G (snd (b i j))) -> (k < p)%nat ->
    fits ni (G ++ all_passed p) (sum_digit k).
  Proof.
    intros H K. split; [exact I |]. intros c C. cbn [kids sum_digit] in C.
    rewrite map_app, map_map in C. apply in_app_or in C. destruct C as [C | C].
    - apply in_map_iff in C. destruct C as (m & <- & C).
      change (In (passed k m) (G ++ all_passed p)). apply in_or_app. right.
      apply in_flat_map. exists k. split; [apply in_seq; lia | apply in_map, C].
    - destruct (kids_part _ _ C) as (i & j & L & M & ->).
      apply (good_mono ni G); [auto |]. intros g J. apply in_or_app. now left.
  Qed.

  (* The number of gates `passed`. *)
  Lemma length_all_passed p : length (all_passed p) = (p * (R - 1))%nat.
  Proof.
    unfold all_passed. induction p as [| p IH]; [reflexivity |].
    rewrite seq_S, flat_map_app, app_length, IH. cbn [flat_map Nat.add].
    rewrite app_nil_r, map_length, seq_length. lia.
  Qed.

  (* ---- values ---- *)

  (* The bits below 2^k of row i as a number without its shift, and the sum of all rows. *)
  Definition row x k i : Z := unsigned (width k i) (fun j => leval x (b i j)) 0.
  Definition rows x k : Z := bigsum R (fun i => 2 ^ Z.of_nat (o i) * row x k i).

  (* The weighted bits have this value. *)
  Lemma wsum_part x k : wsum (leval x) (part k) = rows x k.
  Proof.
    unfold part, rows, bigsum. induction (seq 0 R) as [| i l IH]; [reflexivity |].
    cbn [flat_map map zsum]. rewrite wsum_app, IH, wsum_seq. f_equal.
    unfold row, unsigned. rewrite <- bigsum_mul. apply bigsum_ext. intros j _.
    rewrite pow_add. simpl Nat.add. ring.
  Qed.

  (* A row below 2^k is one. *)
  Lemma row_bound x k i : 0 <= 2 ^ Z.of_nat (o i) * row x k i < 2 ^ Z.of_nat k.
  Proof.
    unfold row, width. set (y := fun j => leval x (b i j)).
    pose proof (unsigned_bound (Nat.min w (k - o i)) y 0).
    destruct (le_lt_dec k (o i)) as [L | L].
    - replace (Nat.min w (k - o i)) with 0%nat by lia. unfold unsigned, bigsum. simpl zsum.
      pose proof (pow_pos k). lia.
    - assert (2 ^ Z.of_nat (Nat.min w (k - o i)) <= 2 ^ Z.of_nat (k - o i))
        by (apply Z.pow_le_mono_r; lia).
      replace k with (o i + (k - o i))%nat at 3 by lia. rewrite pow_add.
      pose proof (pow_pos (o i)). nia.
  Qed.

  (* So the sum of R of them is below R 2^k. *)
  Lemma rows_bound x k : (1 <= R)%nat -> 0 <= rows x k < Z.of_nat R * 2 ^ Z.of_nat k.
  Proof.
    intro P. unfold rows.
    assert (G : forall r, 0 <= bigsum r (fun i => 2 ^ Z.of_nat (o i) * row x k i) <=
      Z.of_nat r * (2 ^ Z.of_nat k - 1)).
    { induction r as [| r IH]; [unfold bigsum; simpl; lia |].
      rewrite bigsum_S, Nat2Z.inj_succ. pose proof (row_bound x k r). lia. }
    specialize (G R). lia.
  Qed.

  (* What is left out weighs multiples of 2^k. *)
  Lemma rows_mod x k d : exists q, rows x (k + d) = 2 ^ Z.of_nat k * q + rows x k.
  Proof.
    unfold rows. induction R as [| r [q IH]]; [exists 0; unfold bigsum; simpl; ring |].
    rewrite !bigsum_S, IH.
    assert (G : exists q', 2 ^ Z.of_nat (o r) * row x (k + d) r =
      2 ^ Z.of_nat k * q' + 2 ^ Z.of_nat (o r) * row x k r).
    { unfold row. set (y := fun j => leval x (b r j)).
      assert (U : forall c e, unsigned (c + e) y 0 =
        unsigned c y 0 + 2 ^ Z.of_nat c * unsigned e y c).
      { intros c e. unfold unsigned. induction e as [| e IHe].
        - rewrite Nat.add_0_r. unfold bigsum at 3. simpl zsum. ring.
        - rewrite Nat.add_succ_r, !bigsum_S, IHe, pow_add. simpl (0 + _)%nat. ring. }
      assert (F : width (k + d) r = (width k r + (width (k + d) r - width k r))%nat)
        by (unfold width; lia).
      rewrite F, U. set (e := unsigned (width (k + d) r - width k r) y (width k r)).
      destruct (le_lt_dec w (k - o r)) as [L | L].
      - exists 0. replace e with 0; [ring |]. subst e. unfold width.
        replace (Nat.min w (k + d - o r) - Nat.min w (k - o r))%nat with 0%nat by lia.
        reflexivity.
      - replace (width k r) with (k - o r)%nat by (unfold width; lia).
        destruct (le_lt_dec k (o r)) as [M | M].
        + exists (2 ^ Z.of_nat (o r - k) * e). replace (k - o r)%nat with 0%nat by lia.
          replace (o r) with (k + (o r - k))%nat at 1 3 by lia. rewrite pow_add.
          change (2 ^ Z.of_nat 0) with 1. ring.
        + exists e. replace k with (o r + (k - o r))%nat at 3 by lia. rewrite pow_add. ring. }
    destruct G as [q' ->]. exists (q + q'). ring.
  Qed.

  (* The value of a gate `passed`: it compares a quotient. *)
  Lemma teval_passed x k m :
    teval x (passed k m) = (Z.of_nat (S m) <=? rows x (S k) / 2 ^ Z.of_nat (S k)).
  Proof.
    unfold passed. rewrite teval_thr, wsum_part, <- quotient_level by apply pow_pos.
    apply eq_true_iff_eq. rewrite !Z.leb_le. lia.
  Qed.

  (* The quotient is less than R. *)
  Lemma quotient_bound x k : (1 <= R)%nat -> 0 <= rows x k / 2 ^ Z.of_nat k <= Z.of_nat (R - 1).
  Proof.
    intro P. pose proof (rows_bound x k P) as B. pose proof (pow_pos k). split.
    - apply Z.div_pos; lia.
    - enough (rows x k / 2 ^ Z.of_nat k < Z.of_nat R) by lia. apply Z.div_lt_upper_bound; lia.
  Qed.

  (* A digit gate is a digit of the sum of what weighs less than 2^p, for all p above k. *)
  Lemma teval_sum_digit x k p : (1 <= R)%nat -> (k < p)%nat ->
    teval x (sum_digit k) = Z.testbit (rows x p) (Z.of_nat k).
  Proof.
    intros P K. destruct (rows_mod x (S k) (p - S k)) as [q E].
    replace (S k + (p - S k))%nat with p in E by lia.
    pose proof (quotient_bound x (S k) P) as Q.
    set (s := rows x (S k)) in *. set (d := 2 ^ Z.of_nat (S k)) in *.
    assert (D : 0 < d) by apply pow_pos.
    rewrite (testbit_rest _ k (q + s / d) (s mod d)); fold d.
    - unfold sum_digit. rewrite teval_thr, wsum_app, wsum_part, wsum_seq, bigsum_mul.
      fold d s. f_equal. rewrite (Z.mod_eq s d) by lia.
      pose proof (count_levels 0 (s / d) (R - 1)) as C.
      rewrite (bigsum_ext _ _ (fun m => Z.b2z (0 + 1 + Z.of_nat m <=? s / d))).
      + unfold bigsum. unfold clip in C. lia.
      + intros m _. rewrite leval_pos, teval_passed. fold d s. do 2 f_equal. lia.
    - rewrite E. pose proof (Z.div_mod s d ltac:(lia)). lia.
    - now apply Z.mod_pos_bound.
  Qed.
End Rows.

(* ---- iterated addition ---- *)

(* The sum of n numbers of w bits. As in tc0's problem `iterated-addition`, bit j of number i is
   input i w + j. The sum has w low digits and, from place w on, `height` more. *)
Section IteratedAddition.
  Variables (n w : nat).

  (* No number is shifted. *)
  Definition unshifted (i : nat) : nat := 0.

  (* Bit j of number i. *)
  Definition number_bit (i j : nat) : lit := (false, TIn (i * w + j)).

  (* The number of digits from place w on: as many as n - 1 has, the most that is carried there. *)
  Definition height : nat := Nat.log2_up n.

  (* Whether the sum reaches (m+1) 2^w. *)
  Definition reached (m : nat) : tree := passed n w unshifted number_bit (w - 1) m.

  (* Digit k of a natural number. *)
  Definition place (k c : nat) : bool := Z.testbit (Z.of_nat c) (Z.of_nat k).

  (* Digit w + k of the sum, a function of how many multiples of 2^w are reached. *)
  Definition high_digit (k : nat) : tree :=
    TThr (map (fun m => (jump (place k) m, (false, reached m))) (seq 0 (n - 1))) 1.

  (* The gates `passed` and those of the digits. *)
  Definition low_digit : nat -> tree := sum_digit n w unshifted number_bit.
  Definition digits : list tree := map low_digit (seq 0 w) ++ map high_digit (seq 0 height).
  Definition counts : list tree := all_passed n w unshifted number_bit w.

  (* The circuit. *)
  Definition iterated_addition : circuit := bits_of (n * w) (counts ++ digits) digits.

  (* The two layers. *)
  Lemma iterated_layers : (1 <= w)%nat -> layered (n * w) 2 (counts ++ digits).
  Proof.
    intro W.
    assert (B : forall i j, (i < n)%nat -> (j < w)%nat ->
      good (n * w) [] (snd (number_bit i j))) by (intros; simpl; nia).
    apply next_layer; [apply one_layer |]; intros g J.
    - apply (fits_passed n w unshifted number_bit _ _ w); auto.
    - unfold digits in J. apply in_app_or in J. destruct J as [J | J];
        apply in_map_iff in J; destruct J as (k & <- & J); apply in_seq in J.
      + apply (fits_digit n w unshifted number_bit (n * w) [] w); [exact B | lia].
      + split; [exact I |]. intros c C. cbn [kids high_digit] in C. rewrite map_map in C.
        apply in_map_iff in C. destruct C as (m & <- & C). change (In (reached m) counts).
        apply in_flat_map. exists (w - 1)%nat. split; [apply in_seq; lia | apply in_map, C].
  Qed.

  (* The sum of the numbers. *)
  Definition total (x : nat -> bool) : Z := bigsum n (fun i => unsigned w x (i * w)).

  (* It is that of the rows, with all their bits. *)
  Lemma rows_total x : rows n w unshifted number_bit x w = total x.
  Proof.
    apply bigsum_ext. intros i _. unfold row, width, unshifted. rewrite Nat.sub_0_r, Nat.min_id.
    change (2 ^ Z.of_nat 0) with 1. rewrite Z.mul_1_l. apply bigsum_ext. intros j _.
    unfold number_bit. rewrite leval_pos. reflexivity.
  Qed.

  (* A digit gate of the higher places is a digit of the sum. *)
  Lemma teval_high x k : (1 <= n)%nat -> (1 <= w)%nat ->
    teval x (high_digit k) = Z.testbit (total x) (Z.of_nat (w + k)).
  Proof.
    intros N W. pose proof (quotient_bound n w unshifted number_bit x w N) as Q.
    rewrite rows_total in Q. set (c := total x / 2 ^ Z.of_nat w) in *.
    unfold high_digit. rewrite teval_thr, wsum_seq, (jumps _ _ (Z.to_nat c)).
    - unfold place. rewrite Nat.min_r, Z2Nat.id, Z.bits_0, Z.sub_0_r by lia. unfold c.
      rewrite Z.div_pow2_bits, <- Nat2Z.inj_add, Nat.add_comm by lia.
      now destruct (Z.testbit (total x) (Z.of_nat (w + k))).
    - intros m _. rewrite leval_pos. unfold reached. rewrite teval_passed.
      replace (S (w - 1)) with w by lia. rewrite rows_total. fold c.
      apply eq_true_iff_eq. rewrite Z.leb_le, Nat.leb_le. lia.
  Qed.

  (* The digits are enough. *)
  Lemma total_bound x : (1 <= n)%nat -> 0 <= total x < 2 ^ Z.of_nat (w + height).
  Proof.
    intro N. pose proof (rows_bound n w unshifted number_bit x w N) as B. rewrite rows_total in B.
    assert (H : Z.of_nat n <= 2 ^ Z.of_nat height).
    { unfold height. pose proof (Nat.log2_log2_up_spec n ltac:(lia)) as [_ H].
      apply Nat2Z.inj_le in H. rewrite Nat2Z.inj_pow in H. exact H. }
    rewrite pow_add. pose proof (pow_pos w). nia.
  Qed.

  (* The sum of n numbers of w bits takes n w + log n gates on two levels, with log n rounded up. *)
  Theorem iterated_addition_ok : (1 <= n)%nat -> (1 <= w)%nat ->
    wf iterated_addition /\ (depth iterated_addition <= 2)%nat /\
    size iterated_addition = (n * w + Nat.log2_up n)%nat /\
    forall x, eval iterated_addition x = binary (w + Nat.log2_up n) (total x) /\
      value (eval iterated_addition x) = total x.
  Proof.
    intros N W.
    destruct (layers_ok (n * w) 2 (counts ++ digits) digits) as (F & [D _] & S & _ & _ & V);
      [now apply iterated_layers | intros; apply in_or_app; now right |].
    fold iterated_addition in F, D, S, V.
    split; [exact F |]. split; [exact D |]. split.
    - rewrite S. unfold counts, digits. rewrite !app_length, length_all_passed, !map_length.
      rewrite !seq_length. unfold height. nia.
    - intro x. assert (E : eval iterated_addition x = binary (w + Nat.log2_up n) (total x)).
      { rewrite V. unfold digits, binary. rewrite seq_app, !map_app, !map_map. f_equal.
        - apply map_ext_in. intros k K. apply in_seq in K. f_equal.
          unfold low_digit. rewrite (teval_sum_digit n w unshifted number_bit x k w) by lia.
          now rewrite rows_total.
        - fold height. replace (seq (0 + w) height) with (map (Nat.add w) (seq 0 height)).
          + rewrite map_map. apply map_ext. intro k. f_equal. now apply teval_high.
          + clear. generalize height as h, 0%nat as s. induction h; intro s; [reflexivity |].
            cbn [seq map]. rewrite IHh, (Nat.add_comm w s). f_equal. }
      split; [exact E |]. rewrite E. apply value_binary. now apply total_bound.
  Qed.
End IteratedAddition.
Print Assumptions iterated_addition_ok.

(* The sum of n numbers of w bits is in TC0 on two levels, if w is polynomial in n. *)
Theorem iterated_addition_TC0 (w : nat -> nat) (p : poly) :
  (forall n, (1 <= n)%nat -> (1 <= w n <= peval p n)%nat) ->
  TC0_family 2 (fun n => iterated_addition n (w n)).
Proof.
  intro H. exists (match p with [] => [0; 1] | a :: r => 0 :: S a :: r end)%nat. intros n N.
  destruct (H n N) as [L M]. destruct (iterated_addition_ok n (w n) N L) as (F & D & S & _).
  split; [exact F |]. split; [exact D |]. rewrite S.
  pose proof (Nat.log2_up_le_lin n ltac:(lia)). destruct p; simpl in *; nia.
Qed.
Print Assumptions iterated_addition_TC0.

(* So is that of n numbers of n bits. *)
Corollary square_addition_TC0 : TC0_family 2 (fun n => iterated_addition n n).
Proof. apply (iterated_addition_TC0 (fun n => n) [0; 1]%nat). intros n N. simpl. lia. Qed.
Print Assumptions square_addition_TC0.

(* ---- multiplication ---- *)

(* The product of two numbers of n bits. As in tc0's problem `multiplication`, the bits of a are the
   first n inputs and those of b the next n. Row i is b, shifted by i, if bit i of a is 1. *)
Section Multiplication.
  Variable n : nat.

  (* A row is shifted by its number. *)
  Definition shifted (i : nat) : nat := i.

  (* The product of bit i of a and bit j of b. *)
  Definition product (i j : nat) : tree := TAnd [(false, bit_a i); (false, bit_b n j)].
  Definition product_bit (i j : nat) : lit := (false, product i j).

  (* All products, then the gates `passed`, then the digits. *)
  Definition products : list tree :=
    flat_map (fun i => map (product i) (seq 0 n)) (seq 0 n).
  Definition product_counts : list tree := all_passed n n shifted product_bit (2 * n).
  Definition product_digits : list tree :=
    map (sum_digit n n shifted product_bit) (seq 0 (2 * n)).

  (* The circuit. *)
  Definition multiplication : circuit :=
    bits_of (2 * n) ((products ++ product_counts) ++ product_digits) product_digits.

  (* The three layers. *)
  Lemma product_layers : layered (2 * n) 3 ((products ++ product_counts) ++ product_digits).
  Proof.
    assert (B : forall i j, (i < n)%nat -> (j < n)%nat ->
      good (2 * n) products (snd (product_bit i j))).
    { intros i j L M. change (In (product i j) products). apply in_flat_map. exists i.
      split; [apply in_seq; lia | apply in_map, in_seq; lia]. }
    apply next_layer; [apply next_layer; [apply one_layer |] |]; intros g J.
    - apply in_flat_map in J. destruct J as (i & L & J). apply in_map_iff in J.
      destruct J as (j & <- & M). apply in_seq in L, M. split; [exact I |].
      intros c [<- | [<- | []]]; simpl; lia.
    - now apply (fits_passed n n shifted product_bit _ _ (2 * n)).
    - apply in_map_iff in J. destruct J as (k & <- & J). apply in_seq in J.
      apply fits_digit; [exact B | lia].
  Qed.

  (* The rows sum up to the product. *)
  Lemma rows_product x :
    rows n n shifted product_bit x (2 * n) = unsigned n x 0 * unsigned n x n.
  Proof.
    unfold unsigned at 1. rewrite Z.mul_comm, <- bigsum_mul. apply bigsum_ext. intros i I.
    unfold row, width, shifted. replace (Nat.min n (2 * n - i)) with n by lia.
    transitivity (2 ^ Z.of_nat i * (Z.b2z (x i) * unsigned n x n)); [| simpl (0 + i)%nat; ring].
    f_equal. unfold unsigned. rewrite <- bigsum_mul. apply bigsum_ext. intros j _.
    unfold product_bit, product. rewrite leval_and, !leval_pos. simpl (0 + j)%nat. simpl teval.
    destruct (x i), (x (n + j)%nat); cbn [andb Z.b2z]; ring.
  Qed.

  (* Multiplication of n bits takes 3n^2 gates on three levels. *)
  Theorem multiplication_ok : (1 <= n)%nat ->
    wf multiplication /\ (depth multiplication <= 3)%nat /\ size multiplication = (3 * n * n)%nat /\
    forall x, let p := unsigned n x 0 * unsigned n x n in
      eval multiplication x = binary (2 * n) p /\ value (eval multiplication x) = p.
  Proof.
    intro N.
    destruct (layers_ok (2 * n) 3 ((products ++ product_counts) ++ product_digits) product_digits)
      as (F & [D _] & S & _ & _ & V); [exact product_layers | intros; apply in_or_app; now right |].
    fold multiplication in F, D, S, V.
    split; [exact F |]. split; [exact D |]. split.
    - rewrite S. unfold product_counts, product_digits. rewrite !app_length, length_all_passed.
      rewrite map_length, seq_length.
      assert (P : forall l, length (flat_map (fun i => map (product i) (seq 0 n)) l) =
        (length l * n)%nat).
      { induction l as [| i l IH]; [reflexivity |]. cbn [flat_map length].
        rewrite app_length, map_length, seq_length, IH. reflexivity. }
      unfold products. rewrite P, seq_length. nia.
    - intros x p. assert (E : eval multiplication x = binary (2 * n) p).
      { rewrite V. unfold product_digits, binary. rewrite map_map. apply map_ext_in.
        intros k K. apply in_seq in K. f_equal.
        rewrite (teval_sum_digit n n shifted product_bit x k (2 * n)) by lia.
        now rewrite rows_product. }
      split; [exact E |]. rewrite E. apply value_binary.
      replace (2 * n)%nat with (n + n)%nat by lia. rewrite pow_add. subst p.
      pose proof (unsigned_bound n x 0). pose proof (unsigned_bound n x n). nia.
  Qed.
End Multiplication.
Print Assumptions multiplication_ok.

(* Multiplication is in TC0, on three levels. *)
Theorem multiplication_TC0 : TC0_family 3 multiplication.
Proof.
  exists [0; 0; 3]%nat. intros n N. destruct (multiplication_ok n N) as (F & D & S & _).
  rewrite S. simpl. split; [exact F |]. split; [exact D | lia].
Qed.
Print Assumptions multiplication_TC0.
