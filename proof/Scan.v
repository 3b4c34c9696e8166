(* Re-association: a recurrence with s states over n symbols of p bits, for every n. What a stretch
   of symbols does to the states is an s x s Boolean matrix; the matrix of two stretches is a
   product; and a balanced tree of products has one level of gates per level of the tree. An entry
   is a sum of gates of which at most one is 1, so that an AND of two entries is one threshold gate
   over both, and the OR over the state between is the next such sum, which costs no gate.
   So the state after n symbols is on depth ceil(log2 n) + 1, with gates whose fan-in does not
   depend on n: NC1, for a fixed automaton. The same recurrence as a chain of n steps (Unrolled.v)
   has depth that grows with n: that is the depth of the chain and not of what it computes. *)
From Coq Require Import List ZArith Bool Arith Lia FinFun.
From TC0 Require Import Circuit Lists Gates.
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

  (* Whether symbol t leads from i to j: the words that do, of which at most one is there. *)
  Definition leaf (t i j : nat) : list tree :=
    map (is_word t) (filter (fun v => delta i v =? j) (words p)).

  (* Gates as a sum, each of weight 1. *)
  Definition ones (gs : list tree) : list (Z * lit) := map (fun g => (1%Z, (false, g))) gs.

  (* Whether two stretches lead from i to k and on to j, and from i to j by any k. *)
  Definition via (A B : nat -> nat -> list tree) (i j k : nat) : tree :=
    TThr (ones (A i k ++ B k j)) 2.
  Definition product (A B : nat -> nat -> list tree) (i j : nat) : list tree :=
    map (via A B i j) (seq 0 s).

  (* The matrix of the symbols from a, len of them, at most 2^d. *)
  Fixpoint matrix (d a len : nat) : nat -> nat -> list tree :=
    match d with
    | 0 => leaf a
    | S d => if len <=? 2 ^ d then matrix d a len
             else product (matrix d a (2 ^ d)) (matrix d (a + 2 ^ d) (len - 2 ^ d))
    end.

  (* All pairs of states, and the gates of a matrix in topological order. *)
  Definition pairs : list (nat * nat) := list_prod (seq 0 s) (seq 0 s).
  Fixpoint matrix_gates (d a len : nat) : list tree :=
    match d with
    | 0 => map (is_word a) (words p)
    | S d =>
      if len <=? 2 ^ d then matrix_gates d a len
      else let A := matrix d a (2 ^ d) in
           let B := matrix d (a + 2 ^ d) (len - 2 ^ d) in
           matrix_gates d a (2 ^ d) ++ matrix_gates d (a + 2 ^ d) (len - 2 ^ d) ++
           flat_map (fun ij => product A B (fst ij) (snd ij)) pairs
    end.

  (* The circuit for n symbols, from state q: output j is 1 if the last state is j, else 0. *)
  Definition scan (q n : nat) : circuit :=
    let d := Nat.log2_up n in
    circuit_of (n * p) (matrix_gates d 0 n)
      (map (fun j => (0%Z, ones (matrix d 0 n q j))) (seq 0 s)).

  (* ---- values ---- *)

  Hypothesis delta_ok : forall q v, q < s -> length v = p -> delta q v < s.

  (* A sum of bits of which only that of one element can be 1. *)
  Lemma wsum_one {A} (f : A -> bool) l a : NoDup l -> In a l ->
    (forall b, In b l -> f b = true -> b = a) ->
    wsum f (map (fun b => (1%Z, b)) l) = Z.b2z (f a).
  Proof.
    assert (None : forall l, (forall b, In b l -> f b = false) ->
      wsum f (map (fun b => (1%Z, b)) l) = 0%Z).
    { clear. induction l as [| b l IH]; auto. intro H. cbn [map wsum].
      rewrite IH, H by (intros; try apply H; simpl; auto). reflexivity. }
    intros N I U. induction N as [| b l B N IH]; [easy |]. cbn [map wsum].
    destruct I as [-> | I].
    - rewrite None; [lia |]. intros c C. destruct (f c) eqn:E; auto.
      rewrite (U c) in C by (simpl; auto). easy.
    - rewrite IH by (simpl in *; auto). destruct (f b) eqn:E; [| simpl; lia].
      rewrite (U b) in B by (simpl; auto). easy.
  Qed.

  (* A sum of gates that stand for other things. *)
  Lemma wsum_ones {A} x (h : A -> tree) l :
    wsum (leval x) (ones (map h l)) = wsum (fun a => teval x (h a)) (map (fun a => (1%Z, a)) l).
  Proof.
    unfold ones. rewrite map_map. induction l as [| a l IH]; auto. cbn [map wsum].
    rewrite IH. unfold leval. cbn [fst snd]. now rewrite xorb_false_l.
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

  (* No word comes twice. *)
  Lemma words_once q : NoDup (words q).
  Proof.
    assert (App : forall (l m : list (list bool)), NoDup l -> NoDup m ->
      (forall v, In v l -> ~ In v m) -> NoDup (l ++ m)).
    { induction 1; simpl; auto. intros M D. constructor.
      - rewrite in_app_iff. intros [|]; auto. apply (D x); auto.
      - apply IHNoDup; auto. }
    induction q; simpl; [repeat constructor; easy |]. apply App.
    1, 2: apply FinFun.Injective_map_NoDup; auto; intros u v E; now injection E.
    intros v V W. apply in_map_iff in V, W. destruct V as (u & <- & _), W as (w & E & _).
    discriminate E.
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
  Lemma leaf_value x t i j :
    wsum (leval x) (ones (leaf t i j)) = Z.b2z (delta i (symbol x t) =? j).
  Proof.
    assert (L : length (symbol x t) = p) by (unfold symbol; now rewrite map_length, seq_length).
    unfold leaf. rewrite wsum_ones.
    assert (F : wsum (fun v => teval x (is_word t v)) (map (fun a => (1%Z, a))
        (filter (fun v => delta i v =? j) (words p))) =
      wsum (fun v => (delta i v =? j) && teval x (is_word t v))
        (map (fun a => (1%Z, a)) (words p))).
    { induction (words p) as [| v l IH]; auto. cbn [filter map wsum].
      destruct (delta i v =? j); cbn [map wsum andb Z.b2z]; rewrite IH; auto; lia. }
    rewrite F, (wsum_one _ _ (symbol x t)).
    - rewrite (proj2 (is_word_true x t _ L) eq_refl). now rewrite andb_true_r.
    - apply words_once.
    - now apply in_words.
    - intros v V H. apply andb_true_iff in H. destruct H as [_ H]. apply in_words in V.
      symmetry. now apply is_word_true.
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
    wsum (leval x) (ones (matrix d a len i j)) = Z.b2z (after x i a len =? j).
  Proof.
    induction d as [| d IH]; intros a len i j L I; simpl in L.
    - replace len with 1 by lia. apply leaf_value.
    - cbn [matrix]. destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; auto; lia |].
      replace (after x i a len) with (after x i a (2 ^ d + (len - 2 ^ d))) by (f_equal; lia).
      rewrite after_add. set (m := after x i a (2 ^ d)).
      assert (M : m < s) by now apply after_ok.
      assert (V : forall k, k < s -> teval x (via (matrix d a (2 ^ d))
        (matrix d (a + 2 ^ d) (len - 2 ^ d)) i j k) =
        (m =? k) && (after x k (a + 2 ^ d) (len - 2 ^ d) =? j)).
      { intros k K. unfold via. cbn [teval]. unfold ones. rewrite map_app, wsum_app.
        change (wsum _ (map _ (matrix d a (2 ^ d) i k)))
          with (wsum (leval x) (ones (matrix d a (2 ^ d) i k))).
        change (wsum _ (map _ (matrix d (a + 2 ^ d) (len - 2 ^ d) k j)))
          with (wsum (leval x) (ones (matrix d (a + 2 ^ d) (len - 2 ^ d) k j))).
        rewrite !IH by lia. fold m. now destruct (m =? k), (_ =? j). }
      unfold product. rewrite wsum_ones, (wsum_one _ _ m).
      + now rewrite V, Nat.eqb_refl.
      + apply seq_NoDup.
      + apply in_seq. lia.
      + intros k K H. apply in_seq in K. rewrite V in H by lia.
        apply andb_true_iff in H. destruct H as [H _]. now apply Nat.eqb_eq in H.
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

  (* The gates of an entry are among those of the matrix. *)
  Lemma matrix_in d : forall a len i j g, i < s -> j < s ->
    In g (matrix d a len i j) -> In g (matrix_gates d a len).
  Proof.
    induction d as [| d IH]; intros a len i j g I J H; cbn [matrix matrix_gates] in *.
    - apply in_map_iff in H. destruct H as (v & <- & V). apply filter_In in V.
      apply in_map, V.
    - destruct (len <=? 2 ^ d); [now apply (IH _ _ i j) |]. cbv zeta.
      rewrite !in_app_iff. do 2 right. apply in_flat_map. exists (i, j). now rewrite in_pairs.
  Qed.

  (* No entry has an input bit. *)
  Lemma matrix_isgate d : forall a len g, In g (matrix_gates d a len) -> isgate g.
  Proof.
    induction d as [| d IH]; intros a len g; cbn [matrix_gates].
    - rewrite in_map_iff. intros (v & <- & _). exact Logic.I.
    - destruct (len <=? 2 ^ d); [apply IH |]. cbv zeta. rewrite !in_app_iff, in_flat_map.
      intros [H | [H | (ij & _ & H)]]; [eapply IH; eauto | eapply IH; eauto |].
      apply in_map_iff in H. destruct H as (k & <- & _). exact Logic.I.
  Qed.

  (* An entry may be read where its gates are. *)
  Lemma matrix_good ni G d a len i j t : i < s -> j < s ->
    (forall g, In g (matrix_gates d a len) -> In g G) -> In t (matrix d a len i j) -> good ni G t.
  Proof.
    intros I J S T. apply matrix_in in T; auto. pose proof (S _ T) as K.
    apply matrix_isgate in T. destruct t; auto. easy.
  Qed.

  (* What a product reads. *)
  Lemma kids_via A B i j k : kids (via A B i j k) = A i k ++ B k j.
  Proof. unfold via, ones. simpl. rewrite map_map. apply map_id. Qed.

  (* The gates of a matrix are in topological order. *)
  Lemma matrix_topo ni d : forall a len, 1 <= len <= 2 ^ d -> (a + len) * p <= ni ->
    topo ni (matrix_gates d a len).
  Proof.
    induction d as [| d IH]; intros a len L N; cbn [matrix_gates]; simpl in L.
    - change (map (is_word a) (words p)) with ([] ++ map (is_word a) (words p)).
      apply topo_app; [apply topo_nil |]. intros g Hg. apply in_map_iff in Hg.
      destruct Hg as (v & <- & _). split; [exact Logic.I |]. intros c C. simpl in C.
      rewrite map_map in C. apply in_map_iff in C. destruct C as (b & <- & B).
      apply in_seq in B. simpl. nia.
    - destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; lia |]. cbv zeta.
      rewrite app_assoc. apply topo_app; [apply topo_concat; apply IH; nia |].
      intros g Hg. apply in_flat_map in Hg. destruct Hg as ([i j] & P & Hg).
      apply in_pairs in P. apply in_map_iff in Hg. destruct Hg as (k & <- & K).
      apply in_seq in K. split; [exact Logic.I |]. intros c C. rewrite kids_via in C.
      apply in_app_iff in C. cbn [fst snd] in C.
      destruct C as [C | C]; eapply matrix_good; eauto; try lia;
        intros; apply in_or_app; auto.
  Qed.

  (* A tree over len symbols has len - 1 products. *)
  Lemma matrix_size d : forall a len, 1 <= len <= 2 ^ d ->
    length (matrix_gates d a len) = len * 2 ^ p + (len - 1) * (s * s * s).
  Proof.
    assert (FM : forall (f : nat * nat -> list tree) l, (forall x, length (f x) = s) ->
      length (flat_map f l) = length l * s)
      by (intros f l H; induction l; simpl; auto; rewrite app_length, H; lia).
    induction d as [| d IH]; intros a len L; cbn [matrix_gates]; simpl in L.
    - rewrite map_length, words_length. replace len with 1 by lia. lia.
    - destruct (Nat.leb_spec len (2 ^ d)) as [E | E]; [apply IH; lia |]. cbv zeta.
      rewrite !app_length, FM by (intro; unfold product; now rewrite map_length, seq_length).
      rewrite pairs_length, !IH by lia. generalize (2 ^ p) as u. intro u. set (e := 2 ^ d) in *.
      assert (Q : exists r, len = e + S r) by (exists (len - e - 1); lia). destruct Q as [r ->].
      replace (e + S r - e) with (S r) by lia.
      replace (e + S r - 1) with (e - 1 + S r) by lia. simpl. nia.
  Qed.

  (* A tree over at most 2^d symbols is on depth at most d + 1. *)
  Lemma matrix_depth d : forall a len g, In g (matrix_gates d a len) -> tlev g <= d + 1.
  Proof.
    induction d as [| d IH]; intros a len g; cbn [matrix_gates].
    - rewrite in_map_iff. intros (v & <- & _). simpl.
      apply le_n_S, list_max_le, Forall_map, Forall_map, Forall_forall. simpl. lia.
    - destruct (len <=? 2 ^ d); [intro H; apply IH in H; lia |].
      cbv zeta. rewrite !in_app_iff, in_flat_map. intros [H | [H | ([i j] & P & H)]].
      1, 2: apply IH in H; lia.
      apply in_pairs in P. apply in_map_iff in H. destruct H as (k & <- & K). apply in_seq in K.
      rewrite tlev_kids, kids_via by exact Logic.I.
      apply le_n_S, list_max_le, Forall_map, Forall_app. cbn [fst snd].
      split; apply Forall_forall; intros t T.
      + apply (IH a (2 ^ d)), (matrix_in d _ _ i k); auto; lia.
      + apply (IH (a + 2 ^ d) (len - 2 ^ d)), (matrix_in d _ _ k j); auto; lia.
  Qed.

  (* The greatest fan-in, and entries are at most half of it. *)
  Definition fan : nat := 2 * Nat.max s (2 ^ p).
  Lemma matrix_width d : forall a len i j, 2 * length (matrix d a len i j) <= fan.
  Proof.
    induction d as [| d IH]; intros a len i j; cbn [matrix].
    - unfold leaf, fan. rewrite map_length, <- (words_length p).
      assert (F : forall (f : list bool -> bool) l, length (filter f l) <= length l)
        by (intros f l; induction l; simpl; auto; destruct (f a0); simpl; lia).
      pose proof (F (fun v => delta i v =? j) (words p)). lia.
    - destruct (len <=? 2 ^ d); auto. unfold product, fan. rewrite map_length, seq_length. lia.
  Qed.

  (* No gate reads more. *)
  Lemma matrix_fan d : forall a len g, In g (matrix_gates d a len) -> length (kids g) <= fan.
  Proof.
    induction d as [| d IH]; intros a len g; cbn [matrix_gates].
    - rewrite in_map_iff. intros (v & <- & _). unfold fan. simpl.
      rewrite !map_length, seq_length. pose proof (Nat.pow_gt_lin_r 2 p). lia.
    - destruct (len <=? 2 ^ d); [apply IH |]. cbv zeta. rewrite !in_app_iff, in_flat_map.
      intros [H | [H | ([i j] & _ & H)]]; [eapply IH; eauto | eapply IH; eauto |].
      apply in_map_iff in H. destruct H as (k & <- & _). rewrite kids_via, app_length.
      cbn [fst snd]. pose proof (matrix_width d a (2 ^ d) i k).
      pose proof (matrix_width d (a + 2 ^ d) (len - 2 ^ d) k j). lia.
  Qed.

  (* For every n, the last state, one-hot: depth at most ceil(log2 n) + 1, linear size for fixed s
     and p, and gates of bounded fan-in. *)
  Theorem scan_ok q n : 1 <= n -> q < s ->
    let c := scan q n in
    wf c /\ depth c <= Nat.log2_up n + 1 /\
    size c = n * 2 ^ p + (n - 1) * (s * s * s) /\
    Forall (fun g => length (gargs g) <= 2 * Nat.max s (2 ^ p)) (gates c) /\
    forall x, eval c x = map (fun j => Z.b2z (after x q 0 n =? j)) (seq 0 s).
  Proof.
    intros N Q c.
    assert (L : 1 <= n <= 2 ^ Nat.log2_up n) by (split; auto; now apply Nat.log2_log2_up_spec).
    destruct (circuit_of_ok (n * p) (matrix_gates (Nat.log2_up n) 0 n)
      (map (fun j => (0%Z, ones (matrix (Nat.log2_up n) 0 n q j))) (seq 0 s)))
      as (W & S & D & E).
    - apply matrix_topo; auto.
    - intros o l O I. apply in_map_iff in O. destruct O as (j & <- & J). apply in_seq in J.
      unfold lits, ones in I. cbn [snd] in I. rewrite map_map in I. apply in_map_iff in I.
      destruct I as (g & <- & I). apply (matrix_good _ _ (Nat.log2_up n) 0 n q j); auto; lia.
    - fold (scan q n) in W, S, D, E. fold c in W, S, D, E.
      split; [exact W |]. split.
      { rewrite D. apply list_max_le, Forall_map, Forall_forall. intros g. apply matrix_depth. }
      split; [rewrite S; now apply matrix_size |]. split.
      { apply Forall_map, Forall_forall. intros g G. rewrite gargs_number1, map_length.
        now apply matrix_fan in G. }
      intro x. rewrite E, map_map. apply map_ext_in. intros j J.
      unfold seval. cbn [fst snd]. rewrite matrix_value by auto. lia.
  Qed.
End Scan.
Print Assumptions scan_ok.
