(* Re-association: a recurrence with s states over n symbols of p bits, for every n. What a stretch
   of symbols does to the states is an s x s Boolean matrix; the matrix of two stretches is a
   product, an OR of ANDs; and a balanced tree of products has depth 2 per level. So the state after
   n symbols is on depth 2 * ceil(log2 n) + 2, with gates whose fan-in does not depend on n: NC1,
   for a fixed automaton. The same recurrence as a chain of n steps (Unrolled.v) has depth that
   grows with n: that is the depth of the chain and not of what it computes. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Gates.
Import ListNotations.

(* ---- automata and their circuits: what a reader has to trust ---- *)

(* All words of p bits. *)
Fixpoint words (p : nat) : list (list bool) :=
  match p with
  | 0 => [[]]
  | S p => map (cons false) (words p) ++ map (cons true) (words p)
  end.

Section Scan.
  (* States are numbers below s; a symbol is a word of p bits; delta is the next state. *)
  Variables (s p : nat) (delta : nat -> list bool -> nat).

  (* Symbol t of the input x. *)
  Definition symbol (x : nat -> bool) (t : nat) : list bool := map x (seq (t * p) p).

  (* The state after the symbols from a, len of them, from state q. *)
  Definition after (x : nat -> bool) (q a len : nat) : nat :=
    fold_left (fun q t => delta q (symbol x t)) (seq a len) q.

  (* Whether symbol t is the word v: an AND of p bits, some complemented. *)
  Definition is_word (t : nat) (v : list bool) : tree :=
    TAnd (map (fun b => (negb (nth b v false), TIn (t * p + b))) (seq 0 p)).

  (* Whether symbol t leads from i to j: an OR over the words that do. *)
  Definition leaf (t i j : nat) : tree :=
    TOr (map (fun v => (false, is_word t v)) (filter (fun v => delta i v =? j) (words p))).

  (* Whether two stretches lead from i to k and on to j, and whether they lead from i to j. *)
  Definition via (A B : nat -> nat -> tree) (i j k : nat) : tree :=
    TAnd [(false, A i k); (false, B k j)].
  Definition product (A B : nat -> nat -> tree) (i j : nat) : tree :=
    TOr (map (fun k => (false, via A B i j k)) (seq 0 s)).

  (* The matrix of the symbols from a, len of them, at most 2^d. *)
  Fixpoint matrix (d a len : nat) : nat -> nat -> tree :=
    match d with
    | 0 => leaf a
    | S d => if len <=? 2 ^ d then matrix d a len
             else product (matrix d a (2 ^ d)) (matrix d (a + 2 ^ d) (len - 2 ^ d))
    end.

  (* All pairs of states, and the gates of a matrix in topological order. *)
  Definition pairs : list (nat * nat) := list_prod (seq 0 s) (seq 0 s).
  Fixpoint matrix_gates (d a len : nat) : list tree :=
    match d with
    | 0 => map (is_word a) (words p) ++ map (fun ij => leaf a (fst ij) (snd ij)) pairs
    | S d =>
      if len <=? 2 ^ d then matrix_gates d a len
      else let A := matrix d a (2 ^ d) in
           let B := matrix d (a + 2 ^ d) (len - 2 ^ d) in
           matrix_gates d a (2 ^ d) ++ matrix_gates d (a + 2 ^ d) (len - 2 ^ d) ++
           flat_map (fun ij => map (via A B (fst ij) (snd ij)) (seq 0 s)) pairs ++
           map (fun ij => product A B (fst ij) (snd ij)) pairs
    end.

  (* The circuit for n symbols, from state q: output j is 1 if the last state is j, else 0. *)
  Definition scan (q n : nat) : circuit :=
    let d := Nat.log2_up n in
    circuit_of (n * p) (matrix_gates d 0 n)
      (map (fun j => (0%Z, [(1%Z, (false, matrix d 0 n q j))])) (seq 0 s)).

  (* ---- values ---- *)

  Hypothesis delta_ok : forall q v, q < s -> length v = p -> delta q v < s.

  (* A disjunction that only one element can make true. *)
  Lemma existsb_one {A} (f : A -> bool) l a :
    In a l -> (forall b, In b l -> f b = true -> b = a) -> existsb f l = f a.
  Proof.
    intros I U. destruct (f a) eqn:E.
    - apply existsb_exists. eauto.
    - destruct (existsb f l) eqn:X; auto. apply existsb_exists in X.
      destruct X as (b & I' & B). pose proof (U _ I' B). congruence.
  Qed.

  (* The words of p bits are just the lists of length p. *)
  Lemma in_words q v : In v (words q) <-> length v = q.
  Proof.
    revert v. induction q as [| q IH]; intro v; simpl.
    - split; [intros [<- | []]; auto | destruct v; auto; discriminate].
    - rewrite in_app_iff, !in_map_iff. split.
      + intros [(u & <- & U) | (u & <- & U)]; apply IH in U; simpl; lia.
      + destruct v as [| [|] v]; simpl; intro L; [lia | right | left];
          exists v; rewrite IH; auto with arith.
  Qed.

  (* How many there are. *)
  Lemma words_length q : length (words q) = 2 ^ q.
  Proof. induction q; simpl; auto. rewrite app_length, !map_length. lia. Qed.

  (* The test of a word is true for that word only. *)
  Lemma is_word_true x t v : length v = p ->
    (teval x (is_word t v) = true <-> symbol x t = v).
  Proof.
    intro L. unfold is_word, symbol. simpl. rewrite forallb_forall. split.
    - intro H. apply (nth_ext _ _ false false); [now rewrite map_length, seq_length |].
      intros b Hb. rewrite map_length, seq_length in Hb.
      rewrite (nth_indep _ _ (x 0)) by (now rewrite map_length, seq_length).
      rewrite map_nth, seq_nth by auto.
      assert (I : In (negb (nth b v false), TIn (t * p + b))
        (map (fun b => (negb (nth b v false), TIn (t * p + b))) (seq 0 p)))
        by (apply in_map_iff; exists b; split; auto; apply in_seq; lia).
      apply H in I. simpl in *. now destruct (nth b v false), (x (t * p + b)).
    - intros <- l Hl. apply in_map_iff in Hl. destruct Hl as (b & <- & B). apply in_seq in B.
      simpl. rewrite (nth_indep _ _ (x 0)) by (rewrite map_length, seq_length; lia).
      rewrite map_nth, seq_nth by lia. destruct (x (t * p + b)); auto.
  Qed.

  (* Entry i, j of the matrix of a symbol is whether it leads from i to j. *)
  Lemma leaf_value x t i j : teval x (leaf t i j) = (delta i (symbol x t) =? j).
  Proof.
    assert (L : length (symbol x t) = p) by (unfold symbol; now rewrite map_length, seq_length).
    apply eq_true_iff_eq. unfold leaf. cbn [teval]. rewrite existsb_exists. split.
    - intros (l & I & V). apply in_map_iff in I. destruct I as (v & <- & F).
      apply filter_In in F. destruct F as [W D]. apply in_words in W.
      cbn [fst snd xorb] in V. destruct (teval x (is_word t v)) eqn:E; [| discriminate V].
      apply is_word_true in E; auto. now rewrite E.
    - intro D. exists (false, is_word t (symbol x t)). split.
      + apply in_map_iff. eexists. split; [reflexivity |]. apply filter_In. split; auto.
        now apply in_words.
      + simpl fst. simpl snd. rewrite xorb_false_l. now apply is_word_true.
  Qed.

  (* States stay in range. *)
  Lemma after_ok x a len : forall q, q < s -> after x q a len < s.
  Proof.
    unfold after. revert a. induction len as [| len IH]; simpl; auto. intros a q Q.
    apply IH, delta_ok; auto. unfold symbol. now rewrite map_length, seq_length.
  Qed.

  (* Two stretches, one after the other. *)
  Lemma after_add x q a l m : after x q a (l + m) = after x (after x q a l) (a + l) m.
  Proof. unfold after. now rewrite seq_app, fold_left_app. Qed.

  (* Entry i, j of the matrix of a stretch is whether it leads from i to j. *)
  Lemma matrix_value x d : forall a len i j, 1 <= len <= 2 ^ d -> i < s ->
    teval x (matrix d a len i j) = (after x i a len =? j).
  Proof.
    induction d as [| d IH]; intros a len i j L I; simpl in L.
    - replace len with 1 by lia. apply leaf_value.
    - cbn [matrix]. destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; auto; lia |].
      unfold product. cbn [teval].
      replace (after x i a len) with (after x i a (2 ^ d + (len - 2 ^ d))) by (f_equal; lia).
      rewrite after_add.
      set (m := after x i a (2 ^ d)).
      assert (M : m < s) by now apply after_ok.
      rewrite (existsb_one _ _ (false, via (matrix d a (2 ^ d))
        (matrix d (a + 2 ^ d) (len - 2 ^ d)) i j m)).
      + unfold via. simpl. rewrite !IH by lia. fold m. rewrite Nat.eqb_refl.
        now destruct (_ =? j).
      + apply in_map_iff. exists m. split; auto. apply in_seq. lia.
      + intros b Hb V. apply in_map_iff in Hb. destruct Hb as (k & <- & K). apply in_seq in K.
        unfold via in V. simpl in V. rewrite IH in V by lia. fold m in V.
        destruct (Nat.eqb_spec m k) as [-> | N]; [reflexivity | discriminate V].
  Qed.

  (* ---- order, size and depth ---- *)

  (* Lists in topological order, one after the other. *)
  Lemma topo_concat ni G H : topo ni G -> topo ni H -> topo ni (G ++ H).
  Proof.
    intros TG TH pre g post E. apply app_eq_app in E. destruct E as [l [[E1 E2] | [E1 E2]]].
    - destruct l as [| a l].
      + rewrite app_nil_r in E1. subst pre. simpl in E2.
        destruct (TH [] g post) as [I K]; auto. split; auto.
        intros c C. apply good_mono with (1 := K c C). intros ? [].
      + simpl in E2. injection E2 as <- E2. eapply TG. exact E1.
    - destruct (TH l g post) as [I K]; auto. split; auto.
      intros c C. apply good_mono with (1 := K c C). subst pre. intros; apply in_or_app; auto.
  Qed.

  (* A pair of states. *)
  Lemma in_pairs i j : In (i, j) pairs <-> i < s /\ j < s.
  Proof. unfold pairs. rewrite in_prod_iff, !in_seq. lia. Qed.
  Lemma pairs_length : length pairs = s * s.
  Proof. unfold pairs. now rewrite prod_length, !seq_length. Qed.

  (* The entries of a matrix are among its gates. *)
  Lemma matrix_in d : forall a len i j, i < s -> j < s ->
    In (matrix d a len i j) (matrix_gates d a len).
  Proof.
    induction d as [| d IH]; intros a len i j I J; simpl.
    - apply in_or_app. right. apply in_map_iff. exists (i, j). now rewrite in_pairs.
    - destruct (len <=? 2 ^ d); auto. rewrite !in_app_iff. do 3 right.
      apply in_map_iff. exists (i, j). now rewrite in_pairs.
  Qed.

  (* No entry is an input bit. *)
  Lemma matrix_isgate d : forall a len i j, isgate (matrix d a len i j).
  Proof. induction d; intros; simpl; auto. now destruct (len <=? 2 ^ d). Qed.

  (* An entry may be read where its gates are. *)
  Lemma matrix_good ni G d a len i j : i < s -> j < s ->
    (forall g, In g (matrix_gates d a len) -> In g G) -> good ni G (matrix d a len i j).
  Proof.
    intros I J S. pose proof (S _ (matrix_in d a len i j I J)) as K.
    pose proof (matrix_isgate d a len i j) as M. destruct (matrix d a len i j); auto. easy.
  Qed.

  (* The gates of a matrix are in topological order. *)
  Lemma matrix_topo ni d : forall a len, 1 <= len <= 2 ^ d -> (a + len) * p <= ni ->
    topo ni (matrix_gates d a len).
  Proof.
    induction d as [| d IH]; intros a len L N; simpl in *.
    - apply topo_app.
      + change (map (is_word a) (words p)) with ([] ++ map (is_word a) (words p)).
        apply topo_app; [apply topo_nil |]. intros g Hg. apply in_map_iff in Hg.
        destruct Hg as (v & <- & _). split; [exact Logic.I |]. intros c C. simpl in C.
        rewrite map_map in C. apply in_map_iff in C. destruct C as (b & <- & B).
        apply in_seq in B. simpl. nia.
      + intros g Hg. apply in_map_iff in Hg. destruct Hg as ([i j] & <- & _).
        split; [exact Logic.I |]. intros c C. simpl in C. rewrite map_map in C.
        apply in_map_iff in C. destruct C as (v & <- & V). apply filter_In in V.
        simpl. apply in_map, V.
    - destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; lia |].
      rewrite app_assoc, app_assoc. apply topo_app; [apply topo_app; [apply topo_concat |] |].
      + apply IH; nia.
      + apply IH; nia.
      + intros g Hg. apply in_flat_map in Hg. destruct Hg as ([i j] & P & Hg).
        apply in_pairs in P. apply in_map_iff in Hg. destruct Hg as (k & <- & K).
        apply in_seq in K. split; [exact Logic.I |].
        intros c [<- | [<- | []]]; cbn [snd fst]; apply matrix_good; try lia;
          intros; apply in_or_app; auto.
      + intros g Hg. apply in_map_iff in Hg. destruct Hg as ([i j] & <- & P).
        split; [exact Logic.I |]. intros c C. simpl in C. rewrite map_map in C.
        apply in_map_iff in C. destruct C as (k & <- & K). cbn [snd]. apply in_or_app. right.
        apply in_flat_map. exists (i, j). split; auto. apply in_map_iff. eauto.
  Qed.

  (* A tree of products over len symbols has len - 1 of them. *)
  Lemma matrix_size d : forall a len, 1 <= len <= 2 ^ d ->
    length (matrix_gates d a len) = len * (2 ^ p + s * s) + (len - 1) * (s * s * s + s * s).
  Proof.
    assert (FM : forall (f : nat * nat -> list tree) l, (forall x, length (f x) = s) ->
      length (flat_map f l) = length l * s)
      by (intros f l H; induction l; simpl; auto; rewrite app_length, H; lia).
    induction d as [| d IH]; intros a len L; simpl in *.
    - rewrite app_length, !map_length, words_length, pairs_length. replace len with 1 by lia. lia.
    - destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; lia |].
      rewrite !app_length, map_length, FM by (intro; now rewrite map_length, seq_length).
      rewrite pairs_length, !IH by lia.
      generalize (2 ^ p + s * s) as u. intro u. set (e := 2 ^ d) in *.
      assert (Q : exists r, len = e + S r) by (exists (len - e - 1); lia). destruct Q as [r ->].
      replace (e + S r - e) with (S r) by lia.
      replace (e + S r - 1) with (e - 1 + S r) by lia. simpl. nia.
  Qed.

  (* A tree over at most 2^d symbols is on depth at most 2 * d + 2. *)
  Lemma matrix_depth d : forall a len g, In g (matrix_gates d a len) -> tlev g <= 2 * d + 2.
  Proof.
    assert (One : forall t v, tlev (is_word t v) <= 1).
    { intros t v. simpl. apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall.
      intros; simpl; lia. }
    induction d as [| d IH]; intros a len g; cbn [matrix_gates].
    - rewrite in_app_iff, !in_map_iff. intros [(v & <- & _) | ([i j] & <- & _)].
      + pose proof (One a v). lia.
      + simpl. apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall.
        intros v _. apply One.
    - destruct (len <=? 2 ^ d); [intro H; apply IH in H; lia |].
      assert (Via : forall A B i j k, tlev (A i k) <= 2 * d + 2 -> tlev (B k j) <= 2 * d + 2 ->
        tlev (via A B i j k) <= 2 * d + 3) by (intros; simpl; lia).
      rewrite !in_app_iff. intros [H | [H | [H | H]]].
      1, 2: apply IH in H; lia.
      + apply in_flat_map in H. destruct H as ([i j] & P & H). apply in_pairs in P.
        apply in_map_iff in H. destruct H as (k & <- & K). apply in_seq in K.
        transitivity (2 * d + 3); [apply Via | lia]; eapply IH, matrix_in; simpl; lia.
      + apply in_map_iff in H. destruct H as ([i j] & <- & P). apply in_pairs in P.
        unfold product. cbn [tlev fst snd]. replace (2 * S d + 2) with (S (2 * d + 3)) by lia.
        apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall.
        intros k K. apply in_seq in K. cbn [snd]. apply Via; eapply IH, matrix_in; lia.
  Qed.

  (* Every gate is an AND or an OR of boundedly many. *)
  Definition small (g : fgate) : Prop :=
    length (gargs g) <= Nat.max (Nat.max 2 s) (2 ^ p) /\
    match g with FThr _ _ => False | _ => True end.
  Lemma matrix_small G d : forall a len g, In g (matrix_gates d a len) -> small (number1 G g).
  Proof.
    assert (P2 : forall q, q < 2 ^ q) by (intro; apply Nat.pow_gt_lin_r; lia).
    induction d as [| d IH]; intros a len g; cbn [matrix_gates].
    - rewrite in_app_iff, !in_map_iff. intros [(v & <- & _) | ([i j] & <- & _)]; split; simpl; auto.
      + rewrite !map_length, seq_length. pose proof (P2 p). lia.
      + rewrite !map_length. rewrite <- (words_length p).
        transitivity (length (words p)); [| lia]. induction (words p); simpl; auto.
        destruct (_ =? _); simpl; lia.
    - destruct (len <=? 2 ^ d); [apply IH |].
      rewrite !in_app_iff. intros [H | [H | [H | H]]].
      1, 2: eapply IH, H.
      + apply in_flat_map in H. destruct H as ([i j] & _ & H). apply in_map_iff in H.
        destruct H as (k & <- & _). split; [| simpl; auto].
        apply (Nat.le_trans _ 2); [apply le_n | lia].
      + apply in_map_iff in H. destruct H as ([i j] & <- & _). split; [| simpl; auto].
        unfold product. cbn [gargs number1]. rewrite !map_length, seq_length. lia.
  Qed.

  (* For every n, the last state, one-hot: depth at most 2 * ceil(log2 n) + 2, linear size for fixed
     s and p, and only AND and OR gates, of bounded fan-in. *)
  Theorem scan_ok q n : 1 <= n -> q < s ->
    let c := scan q n in
    wf c /\ depth c <= 2 * Nat.log2_up n + 2 /\
    size c = n * (2 ^ p + s * s) + (n - 1) * (s * s * s + s * s) /\
    Forall small (gates c) /\
    forall x, eval c x = map (fun j => Z.b2z (after x q 0 n =? j)) (seq 0 s).
  Proof.
    intros N Q c.
    assert (L : 1 <= n <= 2 ^ Nat.log2_up n) by (split; auto; now apply Nat.log2_log2_up_spec).
    destruct (circuit_of_ok (n * p) (matrix_gates (Nat.log2_up n) 0 n)
      (map (fun j => (0%Z, [(1%Z, (false, matrix (Nat.log2_up n) 0 n q j))])) (seq 0 s)))
      as (W & S & D & E).
    - apply matrix_topo; auto.
    - intros o l O I. apply in_map_iff in O. destruct O as (j & <- & J). apply in_seq in J.
      destruct I as [<- | []]. apply matrix_good; auto. lia.
    - fold (scan q n) in W, S, D, E. fold c in W, S, D, E.
      split; [exact W |]. split.
      { rewrite D. apply list_max_le, Forall_map, Forall_forall. intros g. apply matrix_depth. }
      split; [rewrite S; now apply matrix_size |]. split.
      { apply Forall_map, Forall_forall. intros g. apply matrix_small. }
      intro x. rewrite E, map_map. apply map_ext_in. intros j J.
      unfold seval, leval. simpl. rewrite matrix_value by auto.
      destruct (_ =? j); reflexivity.
  Qed.
End Scan.
Print Assumptions scan_ok.
