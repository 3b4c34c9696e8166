(* Selective state-space models: the program, which looks back as far as decays are not 0 or to the
   first position, computes the sums over all earlier positions that SequenceDefinitions.v has. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Words Generic Rounding SumParts.
From TC0 Require Import Values StateSpace SelectiveState.
Import ListNotations.
Open Scope Z_scope.

(* ---- all states ---- *)

(* The operations of states from the k-th on, after value prev, which is what came out of those
   before. *)
Fixpoint later (d v k prev : nat) (ss : list state) : list op :=
  match ss with
  | [] => []
  | s :: r =>
    part d v k s (S prev) ++ [OAdd prev (prev + part_size s)] ++
    later d v (S k) (prev + S (part_size s)) r
  end.

(* How many operations these are. *)
Definition sizes (ss : list state) : nat := list_sum (map (fun s => S (part_size s)) ss).

(* What the operations of the states from the k-th on mean. *)
Lemma later_rows n E d v K D P B C :
  holds (nth (v + 2) E tnone) n d D -> holds (nth (v + 3) E tnone) n d P ->
  holds (nth (v + 4) E tnone) n K B -> holds (nth (v + 5) E tnone) n K C ->
  forall least, 0 <= least -> (forall t f, least <= D t f) ->
  forall ss k prev Y, values n E (S prev) (later d v k prev ss) -> (k + length ss <= K)%nat ->
  forallb (forgets least) ss = true -> holds (nth prev E tnone) n d Y ->
  holds (nth (prev + sizes ss) E tnone) n d (fun t f =>
    Y t f + bigsum (length ss) (fun j =>
      kept D P B C (k + j) (nth j ss (mkState 0 0 [])) t f)).
Proof.
  intros HD HP HB HC least Le HL. induction ss as [| s r IH]; intros k prev Y V L F HY.
  - change (sizes []) with 0%nat. rewrite Nat.add_0_r. eapply holds_ext; [exact HY |].
    intros. cbn beta. cbn [length]. change (bigsum 0 _) with 0. lia.
  - cbn [later] in V. apply values_app in V. destruct V as [V V'].
    rewrite part_length in V'. apply values_app in V'. destruct V' as [VA V'].
    cbn [length] in V', L |- *. cbn [forallb] in F. apply andb_prop in F. destruct F as [F F'].
    pose proof (part_rows n E d v k s _ K D P B C least Le HL F V ltac:(lia) HD HP HB HC) as H.
    pose proof (VA 0%nat _ eq_refl) as A.
    replace (S prev + part_size s + 0)%nat with (prev + S (part_size s))%nat in A by lia.
    replace (S prev + part_size s - 1)%nat with (prev + part_size s)%nat in H by lia.
    replace (S prev + part_size s + 1)%nat with (S (prev + S (part_size s))) in V' by lia.
    pose proof (add_holds n E d _ _ _ _ HY H) as HA. rewrite <- A in HA.
    specialize (IH (S k) _ _ V' ltac:(lia) F' HA).
    replace (prev + sizes (s :: r))%nat with (prev + S (part_size s) + sizes r)%nat
      by (unfold sizes; simpl; lia).
    eapply holds_ext; [exact IH |]. intros t f T Ff. cbn beta.
    change (S (length r)) with (1 + length r)%nat. rewrite bigsum_split.
    change (bigsum 1 ?g) with (g 0%nat + 0). cbn [nth]. rewrite Nat.add_0_r, Z.add_0_r.
    rewrite (bigsum_ext (length r) (fun j => kept D P B C (k + (1 + j)) _ t f)
      (fun j => kept D P B C (S k + j) (nth j r (mkState 0 0 [])) t f));
      [lia |].
    intros j J. f_equal. lia.
Qed.

(* So many there are. *)
Lemma later_length d v ss : forall k prev, length (later d v k prev ss) = sizes ss.
Proof.
  induction ss; intros k prev; [reflexivity |]. cbn [later].
  rewrite !app_length, IHss, part_length. unfold sizes. simpl. lia.
Qed.

(* The operations of the mixing of value v, which has d features: steps, what goes in, the columns
   of B and C, the states, the input itself, and rounding. *)
Definition mixing (d v : nat) (WD WB WC : list (list Z)) (base : Z) (jumps : list (Z * Z))
    (s : state) (ss : list state) (skip : list Z) (unit lo : Z) (levels : nat) : list op :=
  let K := S (length ss) in
  let b := (v + 5 + part_size s + sizes ss)%nat in
  [ linear [pn; [d]] [d] 1 WD [] v;
    step base jumps (v + 1);
    OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] (v + 2) v;
    linear [pn; [K]] [d] 1 WB [] v;
    linear [pn; [K]] [d] 1 WC [] v ] ++
  part d v 0 s (v + 6) ++ later d v 1 (v + 5 + part_size s) ss ++
  [ OSum [pn; [d]] [] (entry [d] skip [IV 1]) (CK 0) [IV 0; IV 1] v;
    OAdd b (b + 1);
    step lo (round_jumps unit lo levels) (b + 2) ].

(* The number of the value that it makes, and how many operations there are up to that. *)
Definition mixed (v : nat) (s : state) (ss : list state) : nat :=
  (v + 8 + part_size s + sizes ss)%nat.
Lemma mixing_length d v WD WB WC base jumps s ss skip unit lo levels :
  length (mixing d v WD WB WC base jumps s ss skip unit lo levels) = (mixed v s ss - v)%nat.
Proof.
  unfold mixing, mixed. rewrite !app_length, later_length, part_length. cbn [length]. lia.
Qed.

(* The mixing means the selective model of value v. *)
Lemma mixing_rows n E d v WD WB WC base jumps s ss skip unit lo levels X :
  0 < unit -> 0 <= lowest base jumps -> forallb (forgets (lowest base jumps)) (s :: ss) = true ->
  values n E (v + 1) (mixing d v WD WB WC base jumps s ss skip unit lo levels) ->
  holds (nth v E tnone) n d X ->
  holds (nth (mixed v s ss) E tnone) n d
    (selective d WD WB WC base jumps
      (map (fun s => (decay_base s, decay_jumps s)) (s :: ss)) skip unit lo levels X).
Proof.
  intros U L F V HX. unfold mixing in V.
  set (K := S (length ss)) in *. set (b := (v + 5 + part_size s + sizes ss)%nat) in *.
  apply values_app in V. destruct V as [V V'].
  apply values_app in V'. destruct V' as [Vp V'].
  apply values_app in V'. destruct V' as [Vl Vt].
  rewrite part_length in *. cbn [length] in Vp, Vl, Vt.
  pose proof (V 0%nat _ eq_refl) as V1. pose proof (V 1%nat _ eq_refl) as V2.
  pose proof (V 2%nat _ eq_refl) as V3. pose proof (V 3%nat _ eq_refl) as V4.
  pose proof (V 4%nat _ eq_refl) as V5.
  rewrite <- Nat.add_assoc in V1, V2, V3, V4, V5. cbn [Nat.add] in V1, V2, V3, V4, V5.
  rewrite later_length in Vt.
  replace (v + 1 + 5)%nat with (v + 6)%nat in Vp by lia.
  replace (v + 1 + 5 + part_size s)%nat with (S (v + 5 + part_size s)) in Vl by lia.
  replace (v + 1 + 5 + part_size s + sizes ss)%nat with (b + 1)%nat in Vt by (unfold b; lia).
  pose proof (Vt 0%nat _ eq_refl) as T0. pose proof (Vt 1%nat _ eq_refl) as T1.
  pose proof (Vt 2%nat _ eq_refl) as T2.
  rewrite <- Nat.add_assoc in T0, T1, T2. cbn [Nat.add] in T0, T1, T2.
  set (D := delta d WD base jumps X).
  assert (HD : holds (nth (v + 2) E tnone) n d D).
  { rewrite V2. apply step_holds. rewrite V1. now apply linear_holds. }
  assert (HP : holds (nth (v + 3) E tnone) n d (fun t f => D t f * X t f))
    by (rewrite V3; now apply times_holds).
  assert (HB : holds (nth (v + 4) E tnone) n K (project d X WB))
    by (rewrite V4; now apply linear_holds).
  assert (HC : holds (nth (v + 5) E tnone) n K (project d X WC))
    by (rewrite V5; now apply linear_holds).
  cbn [forallb] in F. apply andb_prop in F. destruct F as [F F'].
  assert (HL : forall t f, lowest base jumps <= D t f) by (intros; apply stair_lowest).
  pose proof (part_rows n E d v 0 s _ K _ _ _ _ _ L HL F Vp ltac:(unfold K; lia) HD HP HB HC) as H0.
  replace (v + 6 + part_size s - 1)%nat with (v + 5 + part_size s)%nat in H0 by lia.
  pose proof (later_rows n E d v K _ _ _ _ HD HP HB HC _ L HL ss 1 _ _ Vl ltac:(unfold K; lia) F'
    H0) as H.
  fold b in H. clear H0 Vl Vp V V1 V2 V3 V4 V5 HD HP HB HC.
  assert (HS : holds (nth (b + 1) E tnone) n d (fun t f => nth f skip 0 * X t f)).
  { rewrite T0. split; [cbn [sem1 fst]; now lengths |]. intros t f T Ff. destruct HX as [_ HX].
    rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0. cbn [app].
    cbn [entry cval imap map ieval nth ravel]. rewrite HX by auto. simpl (0 * d + f)%nat. lia. }
  assert (HA := add_holds n E d _ _ _ _ H HS). rewrite <- T1 in HA.
  apply (step_holds n E d lo (round_jumps unit lo levels)) in HA. rewrite <- T2 in HA.
  replace (mixed v s ss) with (b + 3)%nat by (unfold mixed, b; lia).
  eapply holds_ext; [exact HA |]. intros t f T Ff. cbn beta.
  rewrite stair_round by auto. unfold selective. f_equal. f_equal.
  set (ds := map _ (s :: ss)).
  assert (R : forall k, (k < K)%nat ->
    kept D (fun t f => D t f * X t f) (project d X WB) (project d X WC) k
      (nth k (s :: ss) (mkState 0 0 [])) t f = read d WD WB WC base jumps ds X k t f).
  { intros k Kk. apply bigsum_ext. intros i I. unfold decay, ds.
    change (0, @nil (Z * Z)) with ((fun s => (decay_base s, decay_jumps s)) (mkState 0 0 [])).
    rewrite map_nth. reflexivity. }
  unfold ds at 1. rewrite map_length. cbn [length].
  change (S (length ss)) with (1 + length ss)%nat. rewrite bigsum_split.
  change (bigsum 1 ?g) with (g 0%nat + 0). rewrite Z.add_0_r. cbn beta. apply f_equal2.
  - apply (R 0%nat). unfold K. lia.
  - apply bigsum_ext. intros j J. apply (R (1 + j)%nat). unfold K. lia.
Qed.

(* ---- the program ---- *)

(* The mixing of an input of p bits for each of d features. *)
Definition selective_block (d p : nat) WD WB WC base jumps s ss skip unit lo levels : prog :=
  mkProg [integers [pn; [d]] p] (mixing d 0 WD WB WC base jumps s ss skip unit lo levels)
    [mixed 0 s ss].

(* So do those of the states after it. *)
Lemma later_ordered d v ss : forall k prev, (v + 6 <= S prev)%nat ->
  ordered (S prev) (later d v k prev ss).
Proof.
  induction ss as [| s r IH]; intros k prev A; cbn [later]; [exact I |].
  apply ordered_app; [now apply part_ordered |].
  rewrite part_length. apply ordered_app; [in_order |]. cbn [length].
  replace (S prev + part_size s + 1)%nat with (S (prev + S (part_size s))) by lia. apply IH. lia.
Qed.

(* And all of the mixing. *)
Lemma mixing_ordered d v WD WB WC base jumps s ss skip unit lo levels :
  ordered (v + 1) (mixing d v WD WB WC base jumps s ss skip unit lo levels).
Proof.
  unfold mixing. apply ordered_app; [in_order |]. cbn [length].
  replace (v + 1 + 5)%nat with (v + 6)%nat by lia.
  apply ordered_app; [apply part_ordered; lia |].
  rewrite part_length. replace (v + 6 + part_size s)%nat with (S (v + 5 + part_size s)) by lia.
  apply ordered_app; [apply later_ordered; lia |].
  rewrite later_length. in_order.
Qed.

(* The mixing means the selective model of its input, if no step is below 0 and all states forget
   what is farther back than they look. *)
Theorem selective_meaning d p WD WB WC base jumps s ss skip unit lo levels n x :
  0 < unit -> 0 <= lowest base jumps -> forallb (forgets (lowest base jumps)) (s :: ss) = true ->
  meaning (selective_block d p WD WB WC base jumps s ss skip unit lo levels) n x =
    flat_map (fun t => map (fun f =>
      selective d WD WB WC base jumps (map (fun s => (decay_base s, decay_jumps s)) (s :: ss))
        skip unit lo levels (decode d p x) t f) (seq 0 d)) (seq 0 n).
Proof.
  intros U L F. unfold meaning. cbn [p_outs p_ops p_ins selective_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := mixing _ _ _ _ _ _ _ _ _ _ _ _ _).
  assert (V : values n (sems n ops [t0]) 1 ops)
    by exact (sems_values n ops [t0]
      (mixing_ordered d 0 WD WB WC base jumps s ss skip unit lo levels)).
  set (E := sems n ops [t0]) in *.
  assert (H0 : holds (nth 0 E tnone) n d (decode d p x)).
  { unfold E. rewrite sems_old by (simpl; lia). apply input_holds. }
  clearbody E. apply elements_holds.
  exact (mixing_rows n E d 0 WD WB WC base jumps s ss skip unit lo levels _ U L F V H0).
Qed.
Print Assumptions selective_meaning.

(* Certifies a concrete program whose operations are those of the mixing. *)
Ltac certify_selective certificate d p WD WB WC base jumps s ss skip unit lo levels :=
  certify_meaning certificate
    (selective_block d p WD WB WC base jumps s ss skip unit lo levels)
    (selective_meaning d p WD WB WC base jumps s ss skip unit lo levels).
