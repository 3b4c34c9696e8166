(* Softmax attention of one position to all positions before it, whose keys and values were kept:
   its program, which computes what attend_causal of Definitions.v is there. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words SumParts Values Blocks Attention.
From TC0 Require Import CausalAttention LastPosition Steps Located.
Import ListNotations.
Open Scope Z_scope.

(* Follows the first of some operations in a program: V says what its value is, and R goes on. *)
Ltac value R V :=
  apply runs_first in R;
  [ destruct R as [V R]
  | let K := fresh in
    intros ? K; cbn [reads In affine linear gather reduce step] in K;
    repeat destruct K as [<- | K]; solve [lia | easy] ].

(* The parameters of Attention.v. *)
Section Kept.
  Variables (d H e : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).

  (* ---- what is kept ---- *)

  (* The operations before the scores: queries, keys and values by heads are 2, 4 and 6. *)
  Definition projections : list op := firstn 6 (front d H e WQ WK WV).

  (* They mean these. *)
  Lemma projections_meaning n y t k W : d = (H * e)%nat -> holds t n d y ->
    In (k, W) [(2%nat, WQ); (4%nat, WK); (6%nat, WV)] ->
    forall i h c, (i < n)%nat -> (h < H)%nat -> (c < e)%nat ->
    snd (nth k (sems n projections [t]) tnone) [i; h; c] = project d y W i (e * h + c).
  Proof.
    intros heads Ht K i h c I Hh C. assert (B : (e * h + c < d)%nat) by nia.
    assert (P : forall W r,
      snd (sem1 n (t :: r) (linear [pn; [d]] [d] 1 W [] 0)) [i; (e * h + c)%nat] =
        project d y W i (e * h + c)).
    { intros V r. now apply (linear_holds n (t :: r) d d V 0 y Ht). }
    unfold projections, front, front_of. cbn [firstn].
    next t1. pose proof (P WQ [] : snd t1 _ = _) as P1. clearbody t1.
    next t2. assert (P2 : snd t2 [i; h; c] = project d y WQ i (e * h + c))
      by (subst t2; rewrite gather_element, by_heads_ok by (inside || auto); exact P1).
    clearbody t2.
    next t3. pose proof (P WK [t1; t2] : snd t3 _ = _) as P3. clearbody t3.
    next t4. assert (P4 : snd t4 [i; h; c] = project d y WK i (e * h + c))
      by (subst t4; rewrite gather_element, by_heads_ok by (inside || auto); exact P3).
    clearbody t4.
    next t5. pose proof (P WV [t1; t2; t3; t4] : snd t5 _ = _) as P5. clearbody t5.
    next t6. assert (P6 : snd t6 [i; h; c] = project d y WV i (e * h + c))
      by (subst t6; rewrite gather_element, by_heads_ok by (inside || auto); exact P5).
    clearbody t6.
    cbn [sems]. cbn [In] in K.
    repeat destruct K as [K | K]; try contradiction; injection K as <- <-; assumption.
  Qed.

  Variables (n : nat) (E : list tensor) (y : nat -> nat -> Z).

  (* Values k and v are the keys and the values of m positions from the given one on. *)
  Definition kept (from m k v : nat) : Prop :=
    forall j h c, (j < m)%nat -> (h < H)%nat -> (c < e)%nat ->
      snd (nth k E tnone) [j; h; c] = project d y WK (from + j) (e * h + c) /\
      snd (nth v E tnone) [j; h; c] = project d y WV (from + j) (e * h + c).

  (* Sections of so many positions, one behind the other. *)
  Local Notation section := (poly * (nat * nat))%type.
  Fixpoint covered (from : nat) (sections : list section) : Prop :=
    match sections with
    | [] => True
    | (size, (k, v)) :: r =>
      kept from (peval size n) k v /\ covered (from + peval size n) r
    end.
  Definition positions (sections : list section) : nat :=
    list_sum (map (fun s => peval (fst s) n) sections).
  Definition before (b : nat) (s : section) : Prop := (fst (snd s) < b /\ snd (snd s) < b)%nat.

  (* ---- the operations ---- *)

  (* The sums over one section, from number b on; q is the query. They are b + 4 and b + 5. *)
  Definition part_ops (q b : nat) (s : section) : list op :=
    let '(size, (k, v)) := s in
    [ gather [size; [H]; [e]] [IV 0; IV 1; IV 2] k;
      OCon [[H]; [1%nat]; size] [[e]] [IV 1; IV 0; IV 3] [IV 2; IV 0; IV 3] q b;
      step base jumps (b + 1);
      gather [size; [H]; [e]] [IV 0; IV 1; IV 2] v;
      OCon [[1%nat]; [H]; [e]] [size] [IV 1; IV 0; IV 3] [IV 3; IV 1; IV 2] (b + 2) (b + 3);
      reduce [[H]; [1%nat]] size 2 (b + 2) ].

  (* More sections: c and c + 1 are the sums so far. *)
  Fixpoint parts_ops (q c : nat) (sections : list section) : list op :=
    match sections with
    | [] => []
    | s :: r =>
      part_ops q (c + 2) s ++ [OAdd c (c + 6); OAdd (c + 1) (c + 7)] ++ parts_ops q (c + 8) r
    end.

  (* The mean, of the sums c and c + 1: it is c + 9. *)
  Definition mean_ops (c : nat) : list op :=
    [ affine [[H]; [1%nat]] unit 0 (c + 1);
      gather [[1%nat]; [H]] [IV 1; IV 0] (c + 2);
      gather [[1%nat]; [H]; [e]] [IV 0; IV 1] (c + 3);
      affine [[1%nat]; [H]; [e]] 2 0 c;
      OAdd (c + 5) (c + 4);
      affine [[1%nat]; [H]] 2 0 (c + 3);
      OQuo lo levels [IV 0; IV 1] (c + 6) (c + 7);
      gather [[1%nat]; [d]] (side_by_side e) (c + 8) ].

  (* Attention of the position that is value a. The last section is its own. *)
  Definition own (a : nat) : section := ([1%nat], (a + 4, a + 6)%nat).
  Definition kept_ops (a : nat) (sections : list section) : list op :=
    let r := tl sections ++ [own a] in
    map (shift a) (map single projections) ++
    part_ops (a + 2) (a + 7) (hd (own a) sections) ++
    parts_ops (a + 2) (a + 11) r ++ mean_ops (a + 11 + 8 * length r).

  (* ---- what they mean ---- *)

  (* The features are those of all heads, and a head has some. Weights and the unit are positive. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* The position, and value q is its query. *)
  Variables (i q : nat).
  Hypothesis query : forall h c, (h < H)%nat -> (c < e)%nat ->
    snd (nth q E tnone) [0%nat; h; c] = project d y WQ i (e * h + c).

  Local Notation weight := (weight d e WQ WK base jumps y).

  (* Values c and c + 1 are the sums over m positions. *)
  Definition sums (from m c : nat) : Prop :=
    fst (nth c E tnone) = [1%nat; H; e] /\ fst (nth (c + 1) E tnone) = [H; 1%nat] /\
    (forall h k, (h < H)%nat -> (k < e)%nat -> snd (nth c E tnone) [0%nat; h; k] =
      bigsum m (fun j => weight h i (from + j) * project d y WV (from + j) (e * h + k))) /\
    (forall h, (h < H)%nat ->
      snd (nth (c + 1) E tnone) [h; 0%nat] = bigsum m (fun j => weight h i (from + j))).

  (* A section. *)
  Lemma part_meaning b from size k v : runs n E b (part_ops q b (size, (k, v))) ->
    (q < b)%nat -> before b (size, (k, v)) -> kept from (peval size n) k v ->
    sums from (peval size n) (b + 4).
  Proof.
    unfold before. cbn [fst snd]. intros R Q [Bk Bv] K. cbn [part_ops] in R. unfold reduce in R.
    cbn [length seq map app Nat.sub] in R. set (m := peval size n) in *.
    value R V0. value R V1. value R V2. value R V3. value R V4. value R V5. clear R.
    replace (S b) with (b + 1)%nat in * by lia. replace (S (b + 1)) with (b + 2)%nat in * by lia.
    replace (S (b + 2)) with (b + 3)%nat in * by lia.
    replace (S (b + 3)) with (b + 4)%nat in * by lia.
    replace (S (b + 4)) with (b + 5)%nat in * by lia.
    assert (H1 : fst (nth (b + 1) E tnone) = [H; 1%nat; m] /\
      forall h j, (h < H)%nat -> (j < m)%nat ->
      snd (nth (b + 1) E tnone) [h; 0%nat; j] = score d e WQ WK y h i (from + j)).
    { rewrite V1. cbn [sem1 fst snd]. lengths. split; [reflexivity |]. intros h j Hh J. fold m.
      rewrite table_eq, inb3, zsum_box1 by lia. unfold score. apply bigsum_ext. intros c C.
      cbn [app imap map ieval nth]. rewrite query, V0 by auto. follow.
      now rewrite (proj1 (K j h c J Hh C)). }
    destruct H1 as [S1 H1].
    assert (H2 : forall h j, (h < H)%nat -> (j < m)%nat ->
      snd (nth (b + 2) E tnone) [h; 0%nat; j] = weight h i (from + j)).
    { intros h j Hh J. rewrite V2, step_sem by (rewrite S1; apply inb3; lia). now rewrite H1. }
    unfold sums. replace (b + 4 + 1)%nat with (b + 5)%nat by lia. rewrite V4, V5.
    split; [cbn [sem1 fst]; now lengths |]. split; [cbn [sem1 fst]; now lengths |]. split.
    - intros h c Hh C. cbn [sem1 snd]. lengths. fold m. rewrite table_eq, inb3, zsum_box1 by lia.
      apply bigsum_ext. intros j J. cbn [app imap map ieval nth]. rewrite H2, V3 by auto. follow.
      now rewrite (proj2 (K j h c J Hh C)).
    - intros h Hh. rewrite sum_sem by inside. lengths. fold m. rewrite zsum_box1. cbn [cval].
      rewrite Z.add_0_l. apply bigsum_ext. intros j J. cbn [app imap map ieval nth].
      rewrite H2 by auto. apply Z.mul_1_l.
  Qed.

  (* More sections. *)
  Lemma parts_meaning sections : forall c m, runs n E (c + 2) (parts_ops q c sections) ->
    (q < c)%nat -> Forall (before (c + 2)) sections -> sums 0 m c -> covered m sections ->
    sums 0 (m + positions sections) (c + 8 * length sections).
  Proof.
    induction sections as [| [size [k v]] r IH]; intros c m R Q B G C.
    { cbn [positions map list_sum length]. unfold positions. cbn [map list_sum fold_right].
      now rewrite Nat.mul_0_r, !Nat.add_0_r. }
    cbn [parts_ops] in R. apply runs_app in R. destruct R as [R1 R].
    change (length (part_ops q (c + 2) (size, (k, v)))) with 6%nat in R.
    inversion_clear B as [| ? ? B1 Br]. destruct C as [C1 Cr].
    pose proof (part_meaning (c + 2) m size k v R1 ltac:(lia) B1 C1) as (P1 & P2 & P3 & P4).
    destruct G as (G1 & G2 & G3 & G4). cbn [app] in R.
    value R V0. value R V1.
    replace (c + 2 + 4)%nat with (c + 6)%nat in * by lia.
    replace (c + 6 + 1)%nat with (c + 7)%nat in * by lia.
    replace (c + 2 + 6)%nat with (c + 8)%nat in * by lia.
    replace (S (c + 8)) with (c + 9)%nat in * by lia.
    replace (S (c + 9)) with (c + 8 + 2)%nat in * by lia.
    cbn [length]. unfold positions. cbn [map list_sum fold_right fst].
    fold (list_sum (map (fun s => peval (fst s) n) r)).
    fold (positions r).
    replace (m + (peval size n + positions r))%nat with (m + peval size n + positions r)%nat by lia.
    replace (c + 8 * S (length r))%nat with (c + 8 + 8 * length r)%nat by lia.
    apply IH; [exact R | lia | | | exact Cr].
    - eapply Forall_impl; [| exact Br]. intros s [X Y]. split; lia.
    - unfold sums. replace (c + 8 + 1)%nat with (c + 9)%nat by lia. rewrite V0, V1.
      cbn [sem1 fst snd]. rewrite G1, G2. repeat split; auto.
      + intros h x Hh X. rewrite table_eq, inb3, G3, P3, bigsum_split by (auto; lia). reflexivity.
      + intros h Hh. rewrite table_eq, inb2, G4, P4, bigsum_split by (auto; lia). reflexivity.
  Qed.

  (* The mean. *)
  Lemma mean_meaning c m : runs n E (c + 2) (mean_ops c) -> (1 <= m)%nat -> sums 0 m c ->
    row (nth (c + 9) E tnone) d (fun f =>
      round_to (unit * bigsum m (weight (f / e) i)) lo levels
        (bigsum m (fun j => weight (f / e) i j * project d y WV j f))).
  Proof.
    intros R M (S0 & S1 & G0 & G1). unfold mean_ops, affine, gather in R.
    cbn [length seq map] in R.
    do 8 (let V := fresh "V" in value R V). clear R.
    replace (S (c + 2)) with (c + 3)%nat in * by lia.
    replace (S (c + 3)) with (c + 4)%nat in * by lia.
    replace (S (c + 4)) with (c + 5)%nat in * by lia.
    replace (S (c + 5)) with (c + 6)%nat in * by lia.
    replace (S (c + 6)) with (c + 7)%nat in * by lia.
    replace (S (c + 7)) with (c + 8)%nat in * by lia.
    replace (S (c + 8)) with (c + 9)%nat in * by lia.
    cbn [Nat.add] in G0, G1. split; [rewrite V6; cbn [sem1 fst]; now lengths |].
    intros z f Z F. replace z with 0%nat by lia. clear z Z.
    assert (Fe : (f / e < H)%nat) by (apply Nat.div_lt_upper_bound;
      [lia | rewrite Nat.mul_comm, <- heads; apply F]).
    assert (Fm : (f mod e < e)%nat) by (apply Nat.mod_upper_bound; lia).
    set (h := (f / e)%nat) in *. set (k := (f mod e)%nat) in *.
    assert (Fk : (e * h + k = f)%nat) by (subst h k; now rewrite <- Nat.div_mod by lia).
    rewrite V6. rewrite one_sem by inside. rewrite side_by_side_ok, Z.mul_1_l, Z.add_0_l.
    fold h k.
    assert (D3 : snd (nth (c + 3) E tnone) [0%nat; h] = unit * bigsum m (weight h i)).
    { rewrite V0. one. rewrite V. one. now rewrite G1. }
    rewrite V5. cbn [sem1 snd].
    assert (S6 : fst (nth (c + 6) E tnone) = [1%nat; H; e])
      by (rewrite V3; cbn [sem1 fst]; rewrite V2; cbn [sem1 fst]; now lengths).
    rewrite S6, table_eq, inb3 by lia. cbn [imap map ieval nth].
    assert (N6 : snd (nth (c + 6) E tnone) [0%nat; h; k] =
      2 * bigsum m (fun j => weight h i j * project d y WV j f) + unit * bigsum m (weight h i)).
    { rewrite V3. cbn [sem1 snd].
      assert (S5 : fst (nth (c + 5) E tnone) = [1%nat; H; e])
        by (rewrite V2; cbn [sem1 fst]; now lengths).
      rewrite S5, table_eq, inb3 by lia. rewrite V2. one. rewrite G0 by auto. rewrite Fk.
      rewrite V1. one. now rewrite D3. }
    rewrite N6. rewrite V4. one. rewrite D3. apply quotient_pos.
    assert (W : 1 <= bigsum m (weight h i)).
    { apply bigsum_ge; [exact M | lia |]. intro j. etransitivity; [exact positive |].
      apply stair_lowest. }
    nia.
  Qed.

  (* A causal mask leaves the positions up to i. *)
  Lemma causal_up_to m f : (i < m)%nat ->
    attend_causal d e WQ WK WV base jumps unit lo levels m y i f =
      round_to (unit * bigsum (S i) (weight (f / e) i)) lo levels
        (bigsum (S i) (fun j => weight (f / e) i j * project d y WV j f)).
  Proof.
    intro L. unfold attend_causal, average. cbv zeta.
    assert (C : forall j, (j < S i)%nat -> causal_weight d e WQ WK base jumps y (f / e) i j =
      weight (f / e) i j)
      by (intros j J; unfold causal_weight; now rewrite (proj2 (Nat.leb_le j i)) by lia).
    assert (C0 : forall j, (S i <= j < m)%nat ->
      causal_weight d e WQ WK base jumps y (f / e) i j = 0)
      by (intros j J; unfold causal_weight; now rewrite (proj2 (Nat.leb_gt j i)) by lia).
    rewrite !(bigsum_less (S i) m) by (try lia; intros j J; rewrite C0 by auto; lia).
    f_equal.
    - f_equal. apply bigsum_ext. intros j J. now apply C.
    - apply bigsum_ext. intros j J. now rewrite C.
  Qed.
End Kept.

(* ---- attention ---- *)

Section Attention.
  Variables (d H e : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.
  Variables (n : nat) (E : list tensor) (y : nat -> nat -> Z).

  Local Notation kept := (kept d H e WK WV E y).
  Local Notation covered := (covered d H e WK WV n E y).
  Local Notation kept_ops := (kept_ops d H e WQ WK WV base jumps unit lo levels).

  (* How many operations there are for some sections. *)
  Lemma parts_length q c sections :
    length (parts_ops H e base jumps q c sections) = (8 * length sections)%nat.
  Proof.
    revert c. induction sections as [| [size [k v]] r IH]; intro c; [reflexivity |].
    cbn [parts_ops part_ops app length]. rewrite IH. lia.
  Qed.
  Definition kept_length (sections : nat) : nat := (20 + 8 * sections)%nat.
  Lemma kept_ops_length a s r : length (kept_ops a (s :: r)) = kept_length (S (length r)).
  Proof.
    unfold KeptAttention.kept_ops. cbn [tl hd]. rewrite !app_length, !map_length, parts_length.
    rewrite app_length. destruct s as [size [k v]]. cbn [length part_ops mean_ops app].
    change (length (projections d H e WQ WK WV)) with 6%nat. unfold kept_length. lia.
  Qed.

  (* Sections one behind the other. *)
  Lemma covered_app l r : forall from, covered from l -> covered (from + positions n l) r ->
    covered from (l ++ r).
  Proof.
    induction l as [| [size [k v]] l IH]; intros from L R; cbn [app].
    - unfold positions in R. cbn in R. now rewrite Nat.add_0_r in R.
    - destruct L as [L1 L]. split; [exact L1 |]. apply IH; [exact L |].
      unfold positions in *. cbn [map list_sum fold_right fst] in R. now rewrite Nat.add_assoc in R.
  Qed.

  (* The attention of position i, whose keys and values are kept. *)
  Theorem kept_computes a sections i m : sections <> [] ->
    runs n E (S a) (kept_ops a sections) -> row (nth a E tnone) d (y i) ->
    covered 0 sections -> positions n sections = i -> Forall (before (S a)) sections ->
    (i < m)%nat ->
    covered 0 (sections ++ [own a]) /\
    row (nth (a + length (kept_ops a sections)) E tnone) d
      (attend_causal d e WQ WK WV base jumps unit lo levels m y i).
  Proof.
    intros Full R Ha C P B L. destruct sections as [| [size [k v]] r]; [contradiction |].
    rewrite kept_ops_length. unfold KeptAttention.kept_ops in R. cbn [hd tl] in R.
    apply runs_app in R. destruct R as [R1 R]. rewrite !map_length in R.
    change (length (projections d H e WQ WK WV)) with 6%nat in R.
    replace (S a + 6)%nat with (a + 7)%nat in R by lia.
    apply runs_app in R. destruct R as [R2 R].
    change (length (part_ops _ _ _ _ _ _ _)) with 6%nat in R.
    replace (a + 7 + 6)%nat with (a + 11 + 2)%nat in R by lia.
    apply runs_app in R. destruct R as [R3 R4]. rewrite parts_length in R4.
    replace (a + 11 + 2 + 8 * length (r ++ [own a]))%nat
      with (a + 11 + 8 * length (r ++ [own a]) + 2)%nat in R4 by lia.
    assert (Proj : forall j W, In (j, W) [(2%nat, WQ); (4%nat, WK); (6%nat, WV)] -> (j <= 6)%nat ->
      forall h c, (h < H)%nat -> (c < e)%nat ->
      snd (nth (a + j) E tnone) [0%nat; h; c] = project d y W i (e * h + c)).
    { intros j W J J6 h c Hh X.
      destruct (runs_single n E a _ R1 j J6) as [_ Q]. rewrite Q.
      exact (projections_meaning d H e WQ WK WV 1 (fun _ => y i) _ j W heads Ha J 0%nat h c
        (le_n 1) Hh X). }
    assert (Own : kept i 1 (a + 4) (a + 6)).
    { intros j h c J Hh X. replace j with 0%nat by lia. rewrite Nat.add_0_r.
      split; apply Proj; cbn [In]; auto; lia. }
    assert (All : covered 0 (((size, (k, v)) :: r) ++ [own a])).
    { apply covered_app; [exact C |]. rewrite P. cbn [own KeptAttention.covered]. rewrite length_c.
      split; [exact Own | exact I]. }
    split; [exact All |].
    inversion_clear B as [| ? ? [Bk Bv] Br]. cbn [fst snd] in Bk, Bv. cbn [app] in All.
    destruct All as [C1 Cr].
    assert (Query : forall h c, (h < H)%nat -> (c < e)%nat ->
      snd (nth (a + 2) E tnone) [0%nat; h; c] = project d y WQ i (e * h + c))
      by (apply Proj; cbn [In]; auto; lia).
    pose proof (part_meaning d H e WQ WK WV base jumps n E y heads width i (a + 2) Query
      (a + 7) 0 size k v R2
      ltac:(lia) ltac:(split; cbn [fst snd]; lia) C1) as S0.
    replace (a + 7 + 4)%nat with (a + 11)%nat in S0 by lia.
    pose proof (parts_meaning d H e WQ WK WV base jumps n E y heads width i (a + 2) Query
      (r ++ [own a]) (a + 11)
      (peval size n) R3 ltac:(lia)) as S1.
    assert (Bs : Forall (before (a + 11 + 2)) (r ++ [own a])).
    { apply Forall_app. split.
      - eapply Forall_impl; [| exact Br]. intros s [X Y]. split; lia.
      - repeat constructor; cbn [own fst snd]; lia. }
    specialize (S1 Bs S0 Cr).
    assert (M : (peval size n + positions n (r ++ [own a]))%nat = S i).
    { unfold positions in *. rewrite map_app, list_sum_app.
      change (list_sum (map (fun s => peval (fst s) n) [own a])) with (peval [1%nat] n + 0)%nat.
      change (peval size n + list_sum (map (fun s => peval (fst s) n) r) = i)%nat in P.
      rewrite length_c. lia. }
    rewrite M in S1.
    pose proof (mean_meaning d H e WQ WK WV base jumps unit lo levels n E y heads width positive
      unit_positive i _ (S i) R4 ltac:(lia) S1) as Mean.
    replace (a + kept_length (S (length r)))%nat
      with (a + 11 + 8 * length (r ++ [own a]) + 9)%nat
      by (rewrite app_length; unfold kept_length; cbn [length]; lia).
    eapply holds_ext; [exact Mean |]. intros z f _ _. cbn beta.
    now rewrite (causal_up_to d H e) by auto.
  Qed.
End Attention.
Print Assumptions kept_computes.
