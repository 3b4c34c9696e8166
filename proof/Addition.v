(* Addition of two binary numbers in TC0, on two levels, for every n, by circuits that are given as
   a function of n; and binary digits. All carries are found at once. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Problems.
Import ListNotations.
Open Scope Z_scope.

(* ---- binary digits ---- *)

(* The p lowest binary digits of v, the lowest first. *)
Definition binary (p : nat) (v : Z) : list Z :=
  map (fun k => Z.b2z (Z.testbit v (Z.of_nat k))) (seq 0 p).

(* The number that has these digits, the lowest first. *)
Fixpoint value (l : list Z) : Z := match l with [] => 0 | d :: r => d + 2 * value r end.

(* The value of one more digit at the end. *)
Lemma value_snoc l d : value (l ++ [d]) = value l + 2 ^ Z.of_nat (length l) * d.
Proof.
  induction l as [| e l IH]; cbn [app value length]; [change (2 ^ Z.of_nat 0) with 1; ring |].
  rewrite IH, Nat2Z.inj_succ.
  rewrite Z.pow_succ_r by lia. ring.
Qed.

(* The next power of two. *)
Lemma pow_S k : 2 ^ Z.of_nat (S k) = 2 * 2 ^ Z.of_nat k.
Proof. rewrite Nat2Z.inj_succ. apply Z.pow_succ_r. lia. Qed.

(* A power of two is positive. *)
Lemma pow_pos k : 0 < 2 ^ Z.of_nat k.
Proof. apply Z.pow_pos_nonneg; lia. Qed.

(* Powers of two multiply as their exponents add up. *)
Lemma pow_add a b : 2 ^ Z.of_nat (a + b) = 2 ^ Z.of_nat a * 2 ^ Z.of_nat b.
Proof. rewrite Nat2Z.inj_add. apply Z.pow_add_r; lia. Qed.

(* A remainder modulo 2^(k+1), from that modulo 2^k and digit k. *)
Lemma mod_S v k : v mod 2 ^ Z.of_nat (S k) =
  v mod 2 ^ Z.of_nat k + 2 ^ Z.of_nat k * Z.b2z (Z.testbit v (Z.of_nat k)).
Proof.
  rewrite pow_S, Z.mul_comm, Z.rem_mul_r, Z.testbit_spec' by (pose proof (pow_pos k); lia).
  reflexivity.
Qed.

(* The digits have the value of the number modulo 2^p. *)
Lemma value_mod p v : value (binary p v) = v mod 2 ^ Z.of_nat p.
Proof.
  induction p as [| p IH]; [symmetry; apply Z.mod_1_r |]. unfold binary in *.
  rewrite seq_S, map_app. cbn [map Nat.add]. rewrite value_snoc, map_length, seq_length, IH.
  symmetry. apply mod_S.
Qed.

(* Enough digits have the value of the number. *)
Lemma value_binary p v : 0 <= v < 2 ^ Z.of_nat p -> value (binary p v) = v.
Proof. intro H. rewrite value_mod. now apply Z.mod_small. Qed.

(* Digit k, by the remainder r modulo 2^(k+1). *)
Lemma testbit_rest v k q r : v = 2 ^ Z.of_nat (S k) * q + r -> 0 <= r < 2 ^ Z.of_nat (S k) ->
  Z.testbit v (Z.of_nat k) = (2 ^ Z.of_nat k <=? r).
Proof.
  intros E H. rewrite (Z.mod_unique v _ q r (or_introl H) E), mod_S.
  pose proof (Z.mod_pos_bound v _ (pow_pos k)). apply eq_true_iff_eq. rewrite Z.leb_le.
  destruct (Z.testbit v (Z.of_nat k)); cbn [Z.b2z]; split; try discriminate; lia.
Qed.

(* A number in binary is not negative, and less than 2^p. *)
Lemma unsigned_bound p x o : 0 <= unsigned p x o < 2 ^ Z.of_nat p.
Proof.
  unfold unsigned. induction p as [| p IH]; [unfold bigsum; simpl; lia |].
  rewrite bigsum_S, pow_S. destruct (x (o + p)%nat); cbn [Z.b2z]; lia.
Qed.

(* ---- the circuit ---- *)

(* The numbers a and b have n bits each, the lowest first. As in tc0's problem `addition`, the bits
   of a are the first n inputs, and those of b the next n. *)
Section Addition.
  Variable n : nat.

  (* Bit i of a and of b. *)
  Definition bit_a (i : nat) : tree := TIn i.
  Definition bit_b (i : nat) : tree := TIn (n + i).

  (* The bits below i of both numbers with their weights. *)
  Fixpoint low (i : nat) : list (Z * lit) :=
    match i with
    | O => []
    | S j => (2 ^ Z.of_nat j, (false, bit_a j)) :: (2 ^ Z.of_nat j, (false, bit_b j)) :: low j
    end.

  (* The carry out of place i: whether the bits up to i sum up to 2^(i+1). *)
  Definition carry (i : nat) : tree := TThr (low (S i)) (2 ^ Z.of_nat (S i)).

  (* The carry into place i; none into place 0. *)
  Definition carry_in (i : nat) : list (Z * lit) :=
    match i with O => [] | S j => [(1, (false, carry j))] end.

  (* Digit i of the sum: a_i + b_i + the carry in, less twice the carry out. *)
  Definition digit (i : nat) : tree :=
    TThr ((1, (false, bit_a i)) :: (1, (false, bit_b i)) :: (-2, (false, carry i)) :: carry_in i) 1.

  (* All carries, then all digits. *)
  Definition adder_gates : list tree := map carry (seq 0 n) ++ map digit (seq 0 n).

  (* The outputs are the n + 1 digits of the sum: the last is the last carry. *)
  Definition addition : circuit :=
    bits_of (2 * n) adder_gates (map digit (seq 0 n) ++ [carry (n - 1)]).

  (* What carries read: all lower inputs. *)
  Lemma kids_low i c : In c (map (fun w => snd (snd w)) (low i)) ->
    exists j, (j < i)%nat /\ (c = bit_a j \/ c = bit_b j).
  Proof.
    induction i as [| i IH]; [easy |]. intros [<- | [<- | I]].
    - exists i. auto.
    - exists i. auto.
    - destruct (IH I) as (j & J & E). exists j. auto with arith.
  Qed.

  (* There are two inputs for each place. *)
  Lemma length_low i : length (low i) = (2 * i)%nat.
  Proof. induction i; cbn [low length]; lia. Qed.

  (* The two layers. *)
  Lemma adder_layers : layered (2 * n) 2 adder_gates.
  Proof.
    apply next_layer; [apply one_layer |]; intros g J; apply in_map_iff in J;
      destruct J as (i & <- & J); apply in_seq in J; (split; [exact I |]); intros c C.
    - destruct (kids_low _ _ C) as (j & H & [-> | ->]); simpl; lia.
    - cbn [kids digit map fst snd] in C.
      destruct C as [<- | [<- | [<- | C]]]; [simpl; lia | simpl; lia | |].
      + apply (in_map carry), in_seq. lia.
      + destruct i as [| j]; [destruct C | destruct C as [<- | []]].
        apply (in_map carry), in_seq. lia.
  Qed.

  (* ---- values ---- *)

  (* The value of the bits below i. *)
  Definition below (x : nat -> bool) (i : nat) : Z := unsigned i x 0 + unsigned i x n.

  (* One more place. *)
  Lemma below_S x i : below x (S i) =
    below x i + 2 ^ Z.of_nat i * (Z.b2z (x i) + Z.b2z (x (n + i)%nat)).
  Proof. unfold below, unsigned. rewrite !bigsum_S. simpl Nat.add. ring. Qed.

  (* The weighted bits have this value. *)
  Lemma wsum_low x i : wsum (leval x) (low i) = below x i.
  Proof.
    induction i as [| i IH]; [reflexivity |]. rewrite below_S. cbn [low wsum].
    rewrite IH, !leval_pos. simpl teval. ring.
  Qed.

  (* The value of a carry. *)
  Lemma teval_carry x i : teval x (carry i) = (2 ^ Z.of_nat (S i) <=? below x (S i)).
  Proof. unfold carry. now rewrite teval_thr, wsum_low. Qed.

  (* Less the carry out, the bits up to i are a remainder. *)
  Lemma carry_rest x i :
    0 <= below x (S i) - 2 ^ Z.of_nat (S i) * Z.b2z (teval x (carry i)) < 2 ^ Z.of_nat (S i).
  Proof.
    rewrite teval_carry. unfold below.
    pose proof (unsigned_bound (S i) x 0). pose proof (unsigned_bound (S i) x n).
    destruct (Z.leb_spec (2 ^ Z.of_nat (S i)) (unsigned (S i) x 0 + unsigned (S i) x n));
      cbn [Z.b2z]; lia.
  Qed.

  (* Both numbers end with their bits up to i. *)
  Lemma below_mod x k d : exists q, below x (k + d) = 2 ^ Z.of_nat k * q + below x k.
  Proof.
    induction d as [| d [q IH]]; [exists 0; rewrite Nat.add_0_r; ring |].
    rewrite Nat.add_succ_r, below_S, IH, pow_add.
    eexists. rewrite <- Z.add_assoc, (Z.add_comm (below x k)), Z.add_assoc. f_equal.
    rewrite <- Z.mul_assoc, <- Z.mul_add_distr_l. reflexivity.
  Qed.

  (* A digit gate is a digit of the sum. *)
  Lemma teval_digit x i : (i < n)%nat -> teval x (digit i) = Z.testbit (below x n) (Z.of_nat i).
  Proof.
    intro I. destruct (below_mod x (S i) (n - S i)) as [q E].
    replace (S i + (n - S i))%nat with n in E by lia.
    pose proof (carry_rest x i) as R. set (c := Z.b2z (teval x (carry i))) in *.
    rewrite (testbit_rest _ i (q + c) (below x (S i) - 2 ^ Z.of_nat (S i) * c));
      [| rewrite E; ring | exact R]. clear q E.
    unfold digit. rewrite teval_thr. cbn [wsum]. rewrite !leval_pos. fold c.
    simpl (teval x (bit_a i)). simpl (teval x (bit_b i)).
    set (u := Z.b2z (x i)). set (v := Z.b2z (x (n + i)%nat)).
    set (w := wsum (leval x) (carry_in i)).
    assert (L : exists r, 0 <= r < 2 ^ Z.of_nat i /\ below x i = 2 ^ Z.of_nat i * w + r).
    { subst w. destruct i as [| j]; [exists 0; split; [simpl; lia | reflexivity] |].
      cbn [carry_in wsum]. rewrite leval_pos.
      eexists. split; [apply (carry_rest x j) | ring]. }
    destruct L as (r & B & L). rewrite below_S, L, pow_S. fold u v.
    apply eq_true_iff_eq. rewrite !Z.leb_le. clearbody c u v w. clear - B.
    replace (2 ^ Z.of_nat i * w + r + 2 ^ Z.of_nat i * (u + v) - 2 * 2 ^ Z.of_nat i * c)
      with (2 ^ Z.of_nat i * (u + v + w - 2 * c) + r) by ring.
    replace (1 * u + (1 * v + (-2 * c + w))) with (u + v + w - 2 * c) by ring.
    generalize dependent (2 ^ Z.of_nat i). generalize (u + v + w - 2 * c). intros d p B. nia.
  Qed.

  (* The last carry is the highest digit. *)
  Lemma teval_top x : (1 <= n)%nat -> teval x (carry (n - 1)) = Z.testbit (below x n) (Z.of_nat n).
  Proof.
    intro N. rewrite teval_carry. replace (S (n - 1)) with n by lia. symmetry.
    apply testbit_rest with (q := 0); [ring |]. unfold below. rewrite pow_S.
    pose proof (unsigned_bound n x 0). pose proof (unsigned_bound n x n). lia.
  Qed.

  (* ---- theorem ---- *)

  (* The number of wires of a carry and of a digit. *)
  Lemma wires_adder : list_sum (map (fun g => length (kids g)) adder_gates) =
    (n * n + 5 * n - Nat.min 1 n)%nat.
  Proof.
    unfold adder_gates. rewrite map_app, list_sum_app, !map_map.
    assert (C : forall m, list_sum (map (fun i => length (kids (carry i))) (seq 0 m)) =
      (m * m + m)%nat).
    { induction m as [| m IH]; [reflexivity |]. rewrite seq_S, map_app, list_sum_app, IH.
      cbn [Nat.add map list_sum fold_right kids carry]. rewrite map_length, length_low. lia. }
    assert (D : forall m, list_sum (map (fun i => length (kids (digit i))) (seq 0 m)) =
      (4 * m - Nat.min 1 m)%nat).
    { induction m as [| m IH]; [reflexivity |]. rewrite seq_S, map_app, list_sum_app, IH.
      cbn [Nat.add map list_sum fold_right]. destruct m; [reflexivity |].
      cbn [kids digit carry_in map length]. lia. }
    rewrite C, D. lia.
  Qed.

  (* Addition of n bits takes 2n gates on two levels. *)
  Theorem addition_ok : (1 <= n)%nat ->
    wf addition /\ depth addition = 2%nat /\ size addition = (2 * n)%nat /\
    wires addition = (n * n + 5 * n - 1)%nat /\
    forall x, let s := unsigned n x 0 + unsigned n x n in
      eval addition x = binary (n + 1) s /\ value (eval addition x) = s.
  Proof.
    intro N.
    destruct (layers_ok (2 * n) 2 adder_gates (map digit (seq 0 n) ++ [carry (n - 1)]))
      as (W & [D L] & S & R & _ & V); [exact adder_layers | |].
    { intros t I. unfold adder_gates. apply in_or_app. apply in_app_or in I.
      destruct I as [I | [<- | []]]; [now right |]. left. apply in_map, in_seq. lia. }
    fold addition in W, D, L, S, R, V.
    split; [exact W |]. split; [| split; [| split]].
    - apply Nat.le_antisymm; [exact D |]. eapply Nat.le_trans;
        [| apply (L (digit 0)); apply in_or_app; right; apply in_map, in_seq; lia].
      eapply Nat.le_trans; [| apply (tlev_above (digit 0) (carry 0) I); simpl; auto].
      simpl. lia.
    - rewrite S. unfold adder_gates. rewrite app_length, !map_length, seq_length. lia.
    - rewrite R, wires_adder. rewrite Nat.min_l by lia. reflexivity.
    - intros x s.
      assert (E : eval addition x = binary (n + 1) s).
      { rewrite V. unfold binary. rewrite Nat.add_1_r, seq_S, !map_app, map_map.
        cbn [map Nat.add]. rewrite teval_top by exact N. f_equal.
        apply map_ext_in. intros i I. apply in_seq in I. f_equal. apply teval_digit. lia. }
      split; [exact E |]. rewrite E. apply value_binary. rewrite Nat.add_1_r, pow_S.
      pose proof (unsigned_bound n x 0). pose proof (unsigned_bound n x n). unfold s. lia.
  Qed.
End Addition.
Print Assumptions addition_ok.

(* Addition is in TC0, on two levels. *)
Theorem addition_TC0 : TC0_family 2 addition.
Proof.
  exists [0; 2]%nat. intros n N. destruct (addition_ok n N) as (W & D & S & _).
  rewrite D, S. simpl. split; [exact W |]. lia.
Qed.
Print Assumptions addition_TC0.
