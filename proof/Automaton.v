(* One function, two circuits, for every n: the last state of an automaton with s states after n
   symbols of p bits. As a chain of n steps its depth is bounded by 2 * n; as a tree of matrices
   (Scan.v), by ceil(log2 n) + 1. So the depth of a chain says nothing of what its function needs.
   For parity, with two states in one bit, the chain has depth 2 * n and not less. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Gates Chain Serial Unrolled Scan.
Import ListNotations.

(* ---- an automaton as a step: what a reader has to trust ---- *)

Section Automaton.
  (* As in Scan.v: states below s, symbols as words of p bits, and the next state. *)
  Variables (s p : nat) (delta : nat -> list bool -> nat).

  (* Whether the state is i and the symbol v: the symbol is input bits 0 to p-1, then come s bits of
     which that of the state is 1. *)
  Definition at_word (i : nat) (v : list bool) : tree :=
    TAnd ((false, TIn (p + i)) :: map (fun b => (negb (nth b v false), TIn b)) (seq 0 p)).

  (* States and words, and those of them that lead to j. *)
  Definition moments : list (nat * list bool) := list_prod (seq 0 s) (words p).
  Definition next (j : nat) : tree :=
    TOr (map (fun m => (false, at_word (fst m) (snd m)))
      (filter (fun m => delta (fst m) (snd m) =? j) moments)).

  (* The circuit of a step: its outputs are s bits of which that of the next state is 1. *)
  Definition automaton : circuit :=
    circuit_of (p + s) (map (fun m => at_word (fst m) (snd m)) moments ++ map next (seq 0 s))
      (map (fun j => (0%Z, [(1%Z, (false, next j))])) (seq 0 s)).

  (* A state as bits, and the input of the chain: the first state, then the symbols x. *)
  Definition one_hot (q : nat) : list bool := map (Nat.eqb q) (seq 0 s).
  Definition begin (q : nat) (x : nat -> bool) (i : nat) : bool :=
    if i <? s then q =? i else x (i - s).

  (* ---- the step ---- *)

  (* The states and words are s * 2^p. *)
  Lemma moments_length : length moments = s * 2 ^ p.
  Proof. unfold moments. now rewrite prod_length, seq_length, words_length. Qed.

  (* The circuit of a step is well formed, has depth at most 2, and these values. *)
  Lemma automaton_ok : wf automaton /\ size automaton = s * 2 ^ p + s /\ depth automaton <= 2 /\
    width automaton = s /\ (forall x, eval automaton x = map Z.b2z (bits automaton x)) /\
    forall x, bits automaton x = map (fun j => teval x (next j)) (seq 0 s).
  Proof.
    destruct (circuit_of_ok (p + s)
      (map (fun m => at_word (fst m) (snd m)) moments ++ map next (seq 0 s))
      (map (fun j => (0%Z, [(1%Z, (false, next j))])) (seq 0 s))) as (W & S & D & E).
    - apply topo_app.
      + change (map (fun m => at_word (fst m) (snd m)) moments) with
          ([] ++ map (fun m => at_word (fst m) (snd m)) moments).
        apply topo_app; [apply topo_nil |]. intros g Hg. apply in_map_iff in Hg.
        destruct Hg as ([i v] & <- & M). apply in_prod_iff in M. destruct M as [I _].
        apply in_seq in I. split; [exact Logic.I |]. intros c C. simpl in C.
        destruct C as [<- | C]; [simpl; lia |]. rewrite map_map in C.
        apply in_map_iff in C. destruct C as (b & <- & B). apply in_seq in B. simpl. lia.
      + intros g Hg. apply in_map_iff in Hg. destruct Hg as (j & <- & _).
        split; [exact Logic.I |]. intros c C. simpl in C. rewrite map_map in C.
        apply in_map_iff in C. destruct C as (m & <- & M). apply filter_In in M.
        simpl. apply in_map_iff. exists m. easy.
    - intros o l O I. apply in_map_iff in O. destruct O as (j & <- & J).
      destruct I as [<- | []]. simpl. apply in_or_app. right. now apply in_map.
    - fold automaton in W, S, D, E. split; [exact W |]. split.
      { now rewrite S, app_length, !map_length, moments_length, seq_length. }
      split.
      { rewrite D. apply list_max_le, Forall_map, Forall_app.
        assert (One : forall i v, tlev (at_word i v) <= 1).
        { intros i v. simpl. apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall.
          simpl. lia. }
        split; apply Forall_map, Forall_forall.
        - intros m _. rewrite One. lia.
        - intros j _. simpl. apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall.
          intros m _. apply One. }
      assert (L : forall l, literals (map (fun z => (fst z, map (wref l) (snd z)))
        (map (fun j => (0%Z, [(1%Z, (false, next j))])) (seq 0 s))) =
        map (fun j => lref l (false, next j)) (seq 0 s)).
      { intro l. unfold literals. rewrite !map_map. simpl.
        generalize (seq 0 s) as js. induction js as [| j js IH]; auto.
        simpl. f_equal. exact IH. }
      split. { unfold width, automaton, circuit_of; simpl outs. rewrite L.
        now rewrite map_length, seq_length. }
      assert (B : forall x, eval automaton x = map Z.b2z (bits automaton x)).
      { intro x. unfold eval, bits, automaton, circuit_of; simpl outs. rewrite L, !map_map.
        apply map_ext. intro j. simpl. destruct (lval _ _ _); reflexivity. }
      split; auto. intro x. specialize (E x). rewrite B, map_map in E.
      assert (Inj : forall l m, map Z.b2z l = map Z.b2z m -> l = m).
      { induction l as [| a l IH]; intros [| b m]; simpl; try easy.
        intro H. injection H as H1 H2. f_equal; auto. now destruct a, b. }
      apply Inj. rewrite E, map_map. apply map_ext. intro j. unfold seval, leval. simpl.
      change (existsb _ _) with (teval x (next j)). now destruct (teval x (next j)).
  Qed.

  (* Its numbers are its bits. *)
  Lemma decode_bits v : length v = s -> decode (outs (automaton)) v = map Z.b2z v.
  Proof.
    unfold automaton, circuit_of; simpl outs. rewrite map_map.
    generalize (map (fun m => at_word (fst m) (snd m)) moments ++ map next (seq 0 s)) as G.
    intro G. rewrite <- (seq_length s 0) at 1. generalize (seq 0 s) as js. revert v.
    induction v as [| a v IH]; intros [| j js]; simpl; try easy.
    intro L. rewrite IH by lia. f_equal. now destruct a.
  Qed.

  (* A state as bits has as many as there are states, and its own is 1. *)
  Lemma one_hot_length q : length (one_hot q) = s.
  Proof. unfold one_hot. now rewrite map_length, seq_length. Qed.
  Lemma one_hot_nth q i : i < s -> nth i (one_hot q) false = (q =? i).
  Proof.
    intro I. unfold one_hot. rewrite (nth_indep _ false (q =? 0))
      by (now rewrite map_length, seq_length).
    now rewrite (map_nth (Nat.eqb q)), seq_nth.
  Qed.

  (* The step takes a state to the next. *)
  Lemma automaton_step q e : q < s -> length e = p ->
    bits automaton (from (e ++ one_hot q)) = one_hot (delta q e).
  Proof.
    intros Q L. destruct automaton_ok as (_ & _ & _ & _ & _ & ->). apply map_ext. intro j.
    assert (At : forall i v, i < s -> length v = p ->
      (teval (from (e ++ one_hot q)) (at_word i v) = true <-> i = q /\ v = e)).
    { intros i v I V. change (teval (from (e ++ one_hot q)) (at_word i v)) with
        (xorb false (from (e ++ one_hot q) (p + i)) &&
          teval (from (e ++ one_hot q)) (is_word p 0 v)).
      rewrite xorb_false_l, andb_true_iff, (is_word_true p) by auto. unfold from at 1.
      rewrite app_nth2, L by lia. replace (p + i - p) with i by lia.
      rewrite one_hot_nth, Nat.eqb_eq by auto.
      replace (symbol p (from (e ++ one_hot q)) 0) with e; [intuition congruence |].
      unfold symbol. simpl. rewrite <- L. clear. generalize (one_hot q) as r.
      induction e as [| a l IH]; intro r; simpl; auto. f_equal.
      rewrite (IH r) at 1. rewrite <- seq_shift, map_map. reflexivity. }
    apply eq_true_iff_eq. rewrite Nat.eqb_eq. unfold next. cbn [teval].
    rewrite existsb_exists. split.
    - intros (l & H & V). apply in_map_iff in H. destruct H as ([i v] & <- & H).
      apply filter_In in H. destruct H as [M D]. apply in_prod_iff in M. destruct M as [I W].
      apply in_seq in I. apply in_words in W. cbn [fst snd] in *. rewrite xorb_false_l in V.
      apply At in V; auto; [| lia]. destruct V as [-> ->]. now apply Nat.eqb_eq.
    - intros <-. exists (false, at_word q e). split.
      + apply in_map_iff. exists (q, e). split; auto. apply filter_In. split.
        * apply in_prod_iff. rewrite in_words. split; auto. apply in_seq. lia.
        * apply Nat.eqb_refl.
      + cbn [fst snd]. rewrite xorb_false_l. now apply At.
  Qed.

  (* ---- one function, two circuits ---- *)

  Hypothesis delta_ok : forall q v, q < s -> length v = p -> delta q v < s.

  (* The next state on numbers. *)
  Local Notation turn := (fun (e : list bool) (z : list Z) =>
    map (fun j => Z.b2z (existsb (fun i => (nth i z 0 =? 1)%Z && (delta i e =? j)) (seq 0 s)))
      (seq 0 s)).

  (* It takes the code of a state to that of the next. *)
  Lemma turn_one_hot q e : q < s ->
    turn e (map Z.b2z (one_hot q)) = map Z.b2z (one_hot (delta q e)).
  Proof.
    intro Q. unfold one_hot at 2. rewrite map_map. apply map_ext. intro j. f_equal.
    apply eq_true_iff_eq. rewrite existsb_exists, Nat.eqb_eq.
    assert (V : forall i, i < s -> nth i (map Z.b2z (one_hot q)) 0%Z = Z.b2z (q =? i)).
    { intros i I. change 0%Z with (Z.b2z false). now rewrite map_nth, one_hot_nth. }
    split.
    - intros (i & I & H). apply in_seq in I. rewrite V in H by lia.
      apply andb_true_iff in H. destruct H as [H D]. apply Nat.eqb_eq in D.
      destruct (Nat.eqb_spec q i) as [-> |]; [auto | discriminate H].
    - intros <-. exists q. split; [apply in_seq; lia |].
      now rewrite V, !Nat.eqb_refl.
  Qed.

  (* The symbols come after the first state. *)
  Lemma symbol_begin q x t : map (begin q x) (seq (s + t * p) p) = symbol p x t.
  Proof.
    unfold symbol. generalize (t * p) as a. generalize p as m.
    induction m as [| m IH]; intro a; simpl; auto. f_equal.
    - unfold begin. destruct (Nat.ltb_spec (s + a) s); [lia |]. f_equal. lia.
    - replace (S (s + a)) with (s + S a) by lia. apply IH.
  Qed.

  (* For every n, the chain of n steps and the tree of matrices compute the same, the last state.
     The depth of the one is bounded by 2 * n, that of the other by ceil(log2 n) + 1. *)
  Theorem two_circuits q n : 1 <= n -> q < s ->
    let serial := recurrence automaton p n in
    let parallel := scan s p delta q n in
    wf serial /\ depth serial <= n * 2 /\ size serial = n * (s * 2 ^ p + s) /\
    wf parallel /\ depth parallel <= Nat.log2_up n + 1 /\
    forall x, eval serial (begin q x) = eval parallel x.
  Proof.
    intros N Q serial parallel.
    destruct automaton_ok as (W & S & D & WD & B & _).
    destruct (scan_ok s p delta delta_ok q n N Q) as (PW & PD & _ & _ & PE).
    destruct (recurrence_ok automaton p n) as (RW & RS & _ & RD & _ & RE); auto.
    { rewrite WD. reflexivity. }
    fold serial in RW, RS, RD, RE. fold parallel in PW, PD, PE.
    split; [exact RW |]. split; [nia |]. split; [now rewrite RS, S |].
    split; [exact PW |]. split; [exact PD |]. intro x.
    assert (First : map (begin q x) (seq 0 s) = one_hot q).
    { apply map_ext_in. intros i I. apply in_seq in I. unfold begin.
      destruct (Nat.ltb_spec i s); auto. lia. }
    rewrite (RE (fun v => exists r, r < s /\ v = one_hot r) turn (begin q x)).
    - rewrite PE, WD, First, decode_bits by apply one_hot_length.
      transitivity (map Z.b2z (one_hot (after p delta x q 0 n)));
        [| unfold one_hot; now rewrite map_map].
      clear - Q delta_ok. induction n as [| n IH]; auto.
      cbn [iterate]. rewrite IH, turn_one_hot by now apply (after_ok s p delta).
      do 2 f_equal. replace (after p delta x q 0 (S n)) with (after p delta x q 0 (n + 1))
        by (f_equal; lia).
      rewrite after_add. simpl. unfold after at 2. simpl. now rewrite symbol_begin.
    - intros e v LE _ (r & R & ->). rewrite one_hot_length in LE.
      assert (LP : length e = p) by (change (inputs automaton) with (p + s) in LE; lia).
      rewrite B, automaton_step, decode_bits, turn_one_hot by (auto; apply one_hot_length).
      split; auto. exists (delta r e). auto.
    - rewrite WD, First. eauto.
  Qed.
End Automaton.
Print Assumptions two_circuits.

(* ---- parity, step by step ---- *)

(* A step: input bit 0 is the symbol, input bit 1 the state, the output bit their sum mod 2. *)
Definition xor_step : circuit :=
  mkCircuit 2
    [FAnd [(false, RIn 0); (true, RIn 1)]; FAnd [(true, RIn 0); (false, RIn 1)];
     FOr [(false, RGate 0); (false, RGate 1)]]
    [(0%Z, [(1%Z, (false, RGate 2))])].

(* The steps of the chain for n symbols. *)
Local Notation xors n := (repeated xor_step (fun t => seq (1 + t * 1) 1) (seq 0 1) n).

(* The last gate of three that read a literal on level k is on level k + 2. *)
Lemma xor_levels ls i r a b : rlev ls r = a -> ref_ok 0 (length ls) r \/ (exists j, r = RIn j) ->
  b = length ls ->
  fold_left lstep [FAnd [(false, RIn i); (true, r)]; FAnd [(true, RIn i); (false, r)];
    FOr [(false, RGate b); (false, RGate (b + 1))]] ls = ls ++ [S a; S a; S (S a)].
Proof.
  intros A R ->. unfold lstep, glev. simpl. rewrite A, Nat.max_0_r, <- !app_assoc. simpl.
  assert (E : rlev (ls ++ [S a]) r = a).
  { rewrite <- A. destruct r as [j | g]; auto. simpl in *.
    destruct R as [R | [j R]]; [now rewrite app_nth1 | discriminate R]. }
  rewrite E, Nat.max_0_r. rewrite (app_nth2 ls _ 0 (le_n _)), Nat.sub_diag.
  rewrite app_nth2 by lia. replace (length ls + 1 - length ls) with 1 by lia. simpl.
  now rewrite Nat.max_id.
Qed.

(* After n + 1 steps, the state is the last gate, on level 2 * n + 2. *)
Lemma xor_build n : let w := build (xors (S n)) in
  length (fst w) = 3 * n + 3 /\ nth (3 * n + 2) (levels (fst w)) 0 = 2 * n + 2 /\
  length (snd w) = S n /\ literals (nth n (snd w) []) = [(false, RGate (3 * n + 2))].
Proof.
  induction n as [| n IH]; [repeat split |].
  set (m := S n) in *. cbv zeta in IH |- *.
  assert (E : xors (S m) = xors m ++ [mkStep xor_step
    [(false, External (1 + m * 1)); (false, Earlier n 0)]]).
  { unfold repeated, handed. rewrite (seq_S m), map_app. reflexivity. }
  rewrite E. unfold build. rewrite fold_left_app. fold (build (xors m)).
  destruct (build (xors m)) as [G past]. cbn [fst snd] in IH.
  destruct IH as (LG & LV & LP & O). cbn [fold_left plug fst snd cell reads xor_step gates map].
  rewrite !app_length, LG, LP. cbn [length].
  split; [lia |]. split; [| split; [lia |]].
  - unfold fed. cbn [fst snd map nth moveg move flip outs movew moves]. rewrite O.
    cbn [nth flip fst snd xorb].
    unfold levels. rewrite fold_left_app. fold (levels G).
    change (fold_left (fun ls g => ls ++ [glev ls g])) with (fold_left lstep).
    unfold flip. cbn [fst snd xorb].
    rewrite Nat.add_0_r, (xor_levels (levels G) _ _ (2 * n + 2)).
    + rewrite app_nth2 by (rewrite levels_length; lia). rewrite levels_length, LG.
      replace (3 * m + 2 - (3 * n + 3)) with 2 by lia. simpl. lia.
    + exact LV.
    + left. simpl. rewrite levels_length. lia.
    + now rewrite levels_length.
  - rewrite app_nth2 by lia. rewrite LP. unfold m. rewrite Nat.sub_diag.
    replace (3 * S n + 2) with (3 * n + 3 + 2) by lia. reflexivity.
Qed.

(* The chain for the parity of n + 1 bits has 3 * n gates and depth 2 * n, no less. *)
Theorem parity_chain n : 1 <= n ->
  let k := recurrence xor_step 1 n in
  wf k /\ size k = n * 3 /\ depth k = 2 * n /\
  forall x, eval k x = [Z.b2z (fold_left xorb (map x (seq 1 n)) (x 0))].
Proof.
  intros N k. destruct (recurrence_ok xor_step 1 n) as (W & S & _ & D & _ & E); auto.
  { split; [| repeat constructor]. intros [| [| [| q]]] g E; simpl in E;
      try (injection E as <-; repeat constructor). now destruct q. }
  fold k in W, S, D, E. split; [exact W |]. split; [exact S |]. split.
  - apply Nat.le_antisymm; [change (depth xor_step) with 2 in D; lia |].
    destruct n as [| n]; [lia |]. destruct (xor_build n) as (LG & LV & _ & _).
    unfold depth, k, recurrence. cbn [gates chain].
    change (width xor_step) with 1. replace (2 * Datatypes.S n) with (2 * n + 2) by lia.
    rewrite <- LV.
    set (l := levels _) in *. assert (B : 3 * n + 2 < length l)
      by (unfold l; rewrite levels_length, LG; lia).
    clearbody l. clear - B. revert l B. induction (3 * n + 2) as [| q IH]; intros [| a l] B;
      simpl in *; try lia. transitivity (list_max l); [apply IH; lia | lia].
  - intro x.
    rewrite (E (fun _ => True) (fun e z => [Z.b2z (xorb (nth 0 e false) (nth 0 z 0 =? 1)%Z)])).
    + clear. change (width xor_step) with 1. simpl seq. simpl map at 2.
      induction n as [| n IH]; [simpl; now destruct (x 0) |].
      cbn [iterate]. rewrite IH, seq_S, map_app, fold_left_app. simpl nth. simpl map at 1.
      cbn [fold_left map]. f_equal. f_equal. rewrite Nat.mul_1_r, xorb_comm.
      f_equal. now destruct (fold_left xorb _ _).
    + intros e v LE LV _. split; auto. simpl in LE, LV. rewrite LV in LE.
      destruct e as [| a [| ? ?]]; try (simpl in LE; lia).
      destruct v as [| b [| ? ?]]; try (simpl in LV; lia).
      now destruct a, b.
    + exact Logic.I.
Qed.
Print Assumptions parity_chain.
